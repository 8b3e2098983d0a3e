package browser_test

import (
	"fmt"
	"os"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// axeScript is axe-core, which looks a page over for what shuts people out.
var axeScript = sync.OnceValues(func() (string, error) {
	script, err := os.ReadFile("../../node_modules/axe-core/axe.min.js")
	return string(script), err
})

// shutsNobodyOut checks that a page passes axe, wide and on a phone, light and dark.
func (p *tab) shutsNobodyOut(name string) {
	p.t.Helper()
	script, err := axeScript()
	if err != nil {
		p.t.Fatalf("`make test` fetches axe-core: %v", err)
	}
	p.do(chromedp.Evaluate(script+"; undefined", nil))
	for _, l := range []look{{}, {dark: true}, {phone: true}, {phone: true, dark: true}} {
		p.emulate(l)
		for _, violation := range p.axe() {
			p.t.Errorf("%s, %v: %s", name, l, violation)
		}
		p.shot(name)
	}
}

// violation is a rule of axe that a page breaks, and where.
type violation struct {
	ID    string
	Help  string
	Nodes []struct {
		Target         []any
		FailureSummary string
	}
}

func (v violation) String() string {
	var where []string
	for _, n := range v.Nodes {
		where = append(where, fmt.Sprintf("%v: %s", n.Target, n.FailureSummary))
	}
	return fmt.Sprintf("%s (%s)\n\t%s", v.ID, v.Help, strings.Join(where, "\n\t"))
}

// axe returns what axe finds in the page as it stands. Its rules are those of WCAG 2.2 AA, of
// which it leaves out the size of targets by itself, and its own best practices.
func (p *tab) axe() []violation {
	p.t.Helper()
	var found []violation
	p.do(chromedp.Evaluate(`axe.run(document, {resultTypes: ["violations"], preload: false, rules: {"target-size": {enabled: true}}}).then((r) => r.violations.map(
		({id, help, nodes}) => ({id, help, nodes: nodes.map(({target, failureSummary}) => ({target, failureSummary}))})))`,
		&found, func(e *runtime.EvaluateParams) *runtime.EvaluateParams { return e.WithAwaitPromise(true) }))
	return found
}
