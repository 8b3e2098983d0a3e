package main

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// mayImport says which packages of ours each package may import: imports run one way. A package
// that stands not here is a mistake too.
var mayImport = map[string][]string{
	"deskbell":                       {"backup", "db", "db/files", "db/model", "db/seed", "handlers", "handlers/desk", "handlers/web", "jobs", "jobs/doctor", "metrics", "replica", "static", "views", "views/mail"},
	"deskbell/handlers":              {"db", "db/files", "db/model", "handlers/admin", "handlers/desk", "handlers/oauth", "handlers/portal", "handlers/reach", "handlers/web", "static", "views", "views/mail"},
	"deskbell/handlers/reach":        {"db/model"},
	"deskbell/handlers/admin":        {"db", "db/model", "handlers/reach", "handlers/web", "views", "views/export", "views/language"},
	"deskbell/handlers/bench":        {"db", "db/files", "db/model", "db/seed", "handlers", "handlers/web", "static", "views", "views/language"},
	"deskbell/handlers/browser":      {},
	"deskbell/handlers/portal":       {"db", "db/model", "handlers/web", "views", "views/export", "views/language"},
	"deskbell/handlers/desk":         {"db", "db/model", "handlers/web", "views", "views/language", "views/mail"},
	"deskbell/handlers/web":          {"db", "db/files", "db/files/preview", "db/model", "static", "views", "views/language"},
	"deskbell/handlers/oauth":        {"db", "db/files/preview", "db/model", "handlers/web", "views/language"},
	"deskbell/handlers/handlerstest": {"db", "db/files", "db/files/filestest", "db/model", "db/seed", "handlers", "handlers/web", "jobs", "static", "views", "views/mail"},
	"deskbell/docs/screenshots":      {"db", "db/files", "db/model", "db/seed", "handlers", "handlers/web", "static", "views"},
	"deskbell/jobs":                  {"db", "db/files", "db/model", "views/mail"},
	"deskbell/jobs/doctor":           {"db", "db/files", "db/model", "jobs"},
	"deskbell/views":                 {"db/model", "static", "views/language"},
	"deskbell/views/export":          {"db/model", "views/language"},
	"deskbell/views/language":        {"db/model"},
	"deskbell/views/mail":            {"db/model", "views/language"},
	"deskbell/db":                    {"db/model"},
	"deskbell/db/seed":               {"db", "db/files", "db/files/preview", "db/model"},
	"deskbell/db/files":              {},
	"deskbell/db/files/preview":      {"db/files", "db/model"},
	"deskbell/db/files/filestest":    {},
	"deskbell/db/model":              {},
	"deskbell/backup":                {"db", "db/files", "db/model"},
	"deskbell/metrics":               {"db/model"},
	"deskbell/replica":               {},
	"deskbell/static":                {},
	"deskbell/static/pack":           {"static"},
}

// alone lists what one area alone may import.
var alone = map[string]string{
	"database/sql":                "deskbell/db",
	"github.com/labstack/echo":    "deskbell/handlers",
	"github.com/wneessen/go-mail": "deskbell/jobs",
	"github.com/markbates/goth":   "deskbell/handlers/oauth",
	"github.com/prometheus":       "deskbell/metrics",
}

func TestImportsRunOneWay(t *testing.T) {
	t.Parallel()
	out, err := exec.Command("go", "list", "-tags", "sqlite_fts5", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(out)) {
		pkg, imports, _ := strings.Cut(strings.TrimSpace(line), " ")
		allowed, ok := mayImport[pkg]
		if !ok {
			t.Errorf("%s stands in no line of mayImport", pkg)
		}
		for name := range strings.FieldsSeq(imports) {
			if own, ours := strings.CutPrefix(name, "deskbell/"); ours && !slices.Contains(allowed, own) {
				t.Errorf("%s imports %s", pkg, own)
			}
			if pkg == "deskbell/db/model" && strings.Contains(name, ".") {
				t.Errorf("%s imports %s, and may import the standard library alone", pkg, name)
			}
			for restricted, area := range alone {
				if strings.HasPrefix(name, restricted) && pkg != area && !strings.HasPrefix(pkg, area+"/") {
					t.Errorf("%s imports %s, which is for %s alone", pkg, name, area)
				}
			}
		}
	}
}
