package handlers_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"deskbell/db/files"
	"deskbell/db/files/filestest"
	"deskbell/handlers/handlerstest"
)

type attach = handlerstest.Attach

// picture is a PNG of a size, filled with a colour and padded to hold some text as metadata.
func picture(t testing.TB, width, height int) string {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, width, height))
	for i := range img.Pix {
		img.Pix[i] = 0xff
	}
	img.Set(0, 0, color.NRGBA{R: 200, A: 255})
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// opened opens a ticket with files, without JavaScript, and returns its thread.
func opened(t *testing.T, s *handlerstest.Server, list ...attach) string {
	t.Helper()
	v := s.Visitor("")
	v.PostFiles("/ticket/support", newForm(v, "It has files"), list...).Status(303)
	s.Jobs.Step(t.Context())
	return s.Mailbox.Last(t, "ada@example.org").Link(t, "/ticket/thread/")
}

// bothStores runs a test with the files in a folder, and with the files in a bucket of a real S3
// server (G9).
func bothStores(t *testing.T, test func(*testing.T, *handlerstest.Server)) {
	t.Parallel()
	t.Run("folder", func(t *testing.T) {
		t.Parallel()
		test(t, handlerstest.Start(t))
	})
	t.Run("bucket", func(t *testing.T) {
		t.Parallel()
		test(t, handlerstest.Start(t, handlerstest.FilesAt(filestest.S3(t))))
	})
}

func TestG1_FilesGoWithTheFormAndComeBackAsTheyWere(t *testing.T) {
	bothStores(t, filesComeBack)
}

func filesComeBack(t *testing.T, s *handlerstest.Server) {
	shot, log := picture(t, 900, 600), strings.Repeat("a line of a log\n", 9000)
	thread := opened(t, s, attach{Name: "shot.png", Content: shot}, attach{Name: "app.log", Content: log})
	v := s.Visitor("")
	page := v.Get(thread).Status(200).Has("shot.png", "app.log", "141 KB")
	links := page.Links(thread+"/attachments/", "")
	if len(links) != 3 {
		t.Fatalf("the links are %q, want two files and a preview", links)
	}
	previews := page.Links(thread+"/attachments/", "/preview")
	small := v.Get(previews[0]).Status(200)
	if kind := small.Header.Get("Content-Type"); kind != "image/jpeg" && kind != "image/png" {
		t.Errorf("the preview is %s", kind)
	}
	for link, want := range map[string]string{strings.TrimSuffix(previews[0], "/preview"): shot, links[2]: log} {
		file := v.Get(link).Status(200)
		if file.Body != want {
			t.Errorf("%s has %d bytes, want the %d that were sent", link, len(file.Body), len(want))
		}
	}
	agent := s.Member("agent@example.com")
	form := agent.Get("/desk/tickets/7").Status(200).Has("shot.png", "app.log").Form("/desk/tickets/7/messages")
	form.Set("message", "Look at this.")
	agent.PostFiles("/desk/tickets/7/messages", form, attach{Name: "how-to.pdf", Content: "%PDF-1.7"}).Status(303)
	s.Jobs.Step(t.Context())
	if mail := s.Mailbox.Last(t, "ada@example.org"); !strings.Contains(mail.Text, "Files: how-to.pdf") || !strings.Contains(mail.HTML, "<bdi>how-to.pdf</bdi>") {
		t.Errorf("the mail does not name the file:\n%s", mail.Text)
	}
}

func TestG1_ChosenFilesSurviveAnErrorALimitAndAReload(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	v := s.Visitor("")
	form := newForm(v, "")
	v.Upload("/ticket/support/uploads", form.Get("form_key"), attach{Name: "first.txt", Content: "one"}).Status(200).Has("first.txt", `name="upload"`)
	v.Get("/ticket/support?form="+form.Get("form_key")).Status(200).Has("first.txt", form.Get("form_key"))
	wrong := v.PostFiles("/ticket/support", form, attach{Name: "second.txt", Content: "two"}).Status(422).Has("first.txt", "second.txt", "Enter a title")
	again := wrong.Form("/ticket/support")
	set(t, s, "/desk/settings/limits", map[string]string{"create_per_10_minutes": "1"})
	v.Post("/ticket/support", newForm(v, "The one that is possible")).Status(303)
	again.Set("title", "Now it has one")
	limited := v.Post("/ticket/support", again).Status(429)
	s.Clock.Move(11 * time.Minute)
	back := limited.Form("/ticket/support")
	back.Set("back", "1")
	last := v.Post("/ticket/support", back).Status(200).Has("first.txt", "second.txt", "Now it has one")
	v.Post("/ticket/support", last.Form("/ticket/support")).Status(303)
	s.Jobs.Step(t.Context())
	v.Get(s.Mailbox.Last(t, "ada@example.org").Link(t, "/ticket/thread/")).Has("first.txt", "second.txt", "Now it has one")
	v.Get("/ticket/support?form="+form.Get("form_key")).Status(200).HasNot("first.txt", form.Get("form_key"))
}

func TestG1_AFormsKeyAloneFindsItsFiles(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	v := s.Visitor("")
	form := newForm(v, "")
	v.PostFiles("/ticket/support", form, attach{Name: "kept.txt", Content: "one"}).Status(422)
	form.Set("title", "Sent once more by a client that reads no forms")
	v.Post("/ticket/support", form).Status(303)
	s.Jobs.Step(t.Context())
	v.Get(s.Mailbox.Last(t, "ada@example.org").Link(t, "/ticket/thread/")).Has("kept.txt")
}

func TestG1_AReplyTakesFilesAndShowsThoseThatWait(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	thread := s.Ticket("", "support", "ada@example.org", "Help")
	v := s.Visitor("")
	key := v.Get(thread).Form(thread + "/reply").Get("form_key")
	before := v.Get(thread).Header.Get("ETag")
	v.Upload(thread+"/uploads", key, attach{Name: "wait.png", Content: picture(t, 40, 30)}).Status(200).Has("wait.png", `width="40"`)
	page := v.Get(thread).Status(200).Has("wait.png")
	if page.Header.Get("ETag") == before {
		t.Error("a kept page hides the file that waits")
	}
	v.Get(page.Links(thread+"/uploads/", "")[0]).Status(200)
	form := page.Form(thread + "/reply")
	form.Set("message", "Here it is.")
	v.Follow(v.PostFiles(thread+"/reply", form, attach{Name: "more.txt", Content: "more"})).Status(200)
	shown := v.Get(thread).Has("wait.png", "more.txt").HasNot(`name="upload"`)
	if next := shown.Form(thread + "/reply").Get("form_key"); next == key {
		t.Error("the next reply has the key of the last: the same text would count as a repetition")
	}
	s.Member("agent@example.com").Get("/desk/tickets/7").Has("wait.png", "more.txt")
}

func TestG1_AWaitingFileCanBeRemoved(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	v := s.Visitor("")
	form := newForm(v, "One too many")
	page := v.PostFiles("/ticket/support", url.Values{"form_key": form["form_key"], "show_fields": {"1"}, "title": {"Typed"}},
		attach{Name: "keep.txt", Content: "1"}, attach{Name: "drop.txt", Content: "2"}).Status(200).Has("keep.txt", "drop.txt", "Typed")
	refs := page.Form("/ticket/support")["upload"]
	if len(refs) != 2 {
		t.Fatalf("the form shows %d files", len(refs))
	}
	remove := page.Form("/ticket/support")
	remove.Set("remove_upload", refs[1])
	left := v.Post("/ticket/support", remove).Status(200).Has("keep.txt", "Typed").HasNot("drop.txt")
	v.Header.Set("HX-Request", "true")
	gone := v.Post("/ticket/support/uploads/remove", url.Values{"form_key": form["form_key"], "remove_upload": refs[:1]}).Status(200)
	v.Header.Del("HX-Request")
	if gone.Body != "" {
		t.Errorf("the line is answered with %q instead of nothing", gone.Body)
	}
	stale := left.Form("/ticket/support")
	stale.Set("email", "ada@example.org")
	stale.Set("description", "It is gone meanwhile.")
	v.Post("/ticket/support", stale).Status(422).Has("waited here for more than an hour and is gone")
}

func TestG2_FilesThatNobodySentGoAfterAnHour(t *testing.T) { bothStores(t, unsentFilesGo) }

func unsentFilesGo(t *testing.T, s *handlerstest.Server) {
	v := s.Visitor("")
	form := newForm(v, "Too late")
	line := v.Upload("/ticket/support/uploads", form.Get("form_key"), attach{Name: "shot.png", Content: picture(t, 8, 8)}).Status(200)
	preview := line.Links("/ticket/support/uploads/", "")[0]
	v.Get(preview).Status(200)
	stored := count(t, s)
	s.Clock.Move(61 * time.Minute)
	v.Get(preview).Status(404)
	s.Jobs.Sweep(t.Context())
	s.Jobs.Step(t.Context())
	if left := count(t, s); left != stored-2 {
		t.Errorf("%d of %d files are left, want the picture and its preview gone", left, stored)
	}
	form["upload"] = []string{strings.TrimPrefix(preview, "/ticket/support/uploads/")}
	v.Post("/ticket/support", form).Status(422).Has("is gone", "Too late")
}

// count returns how many files lie in the store.
func count(t *testing.T, s *handlerstest.Server) int {
	t.Helper()
	n := 0
	if err := s.Files.Each(t.Context(), func(files.Info) error { n++; return nil }); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestG3_SizesToTheByte(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	set(t, s, "/desk/settings/attachments", map[string]string{"max_file_mb": "1"})
	v := s.Visitor("")
	const limit = 1 << 20
	for _, c := range []struct {
		size   int
		status int
		says   string
	}{
		{0, 422, "is empty"}, {1, 200, "1 byte"}, {limit, 200, "1 MB"}, {limit + 1, 422, "is larger than 1 MB"},
	} {
		for name, post := range map[string]func(string, url.Values, ...attach) handlerstest.Page{"known": v.PostFiles, "unknown": v.StreamFiles} {
			v.Header.Set("HX-Request", "true")
			key := url.Values{"form_key": newForm(s.Visitor(""), "x")["form_key"]}
			page := post("/ticket/support/uploads", key, attach{Name: name + ".bin", Content: strings.Repeat("x", c.size)})
			page.Status(c.status).Has(c.says, name+".bin")
		}
	}
}

func TestG3_ALargerRequestIsRefusedWhileItComes(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	v := s.Visitor("")
	form := newForm(v, "Typed before the file")
	body, kind := handlerstest.Multipart(form, attach{Name: "a.bin", Content: strings.Repeat("x", 9<<20)},
		attach{Name: "b.bin", Content: strings.Repeat("x", 9<<20)}, attach{Name: "c.bin", Content: strings.Repeat("x", 9<<20)})
	v.Do("POST", "/ticket/support", bytes.NewReader(body), kind).Status(413).Has("25 MB")
	unknown := v.Do("POST", "/ticket/support", struct{ *bytes.Reader }{bytes.NewReader(body)}, kind)
	unknown.Status(413).Has("25 MB", "Typed before the file", "Go back")
	many := make([]attach, 11)
	for i := range many {
		many[i] = attach{Name: fmt.Sprintf("%d.txt", i), Content: "x"}
	}
	v.PostFiles("/ticket/support", form, many...).Status(422).Has("At most 10 files", "9.txt").HasNot("10.txt")
}

func TestG4_FiftyUploadsAtOnceNeverPassTheTicketsRoom(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	set(t, s, "/desk/settings/attachments", map[string]string{"max_ticket_mb": "1"})
	thread := opened(t, s, attach{Name: "first.bin", Content: strings.Repeat("x", 1<<20-10*1000)})
	v := s.Visitor("")
	key := v.Get(thread).Form(thread + "/reply").Get("form_key")
	var taken, refused sync.Map
	var all sync.WaitGroup
	for i := range 50 {
		all.Go(func() {
			page := s.Visitor("").Upload(thread+"/uploads", key, attach{Name: fmt.Sprintf("%d.bin", i), Content: strings.Repeat("y", 1000)})
			switch page.Code {
			case 200:
				taken.Store(i, true)
			case 413:
				page.Has("Remove a file first")
				refused.Store(i, true)
			default:
				t.Errorf("upload %d: %d %s", i, page.Code, page.Body)
			}
		})
	}
	all.Wait()
	if n := length(&taken); n != 10 || length(&refused) != 40 {
		t.Fatalf("%d uploads came in and %d were refused, want 10 and 40", n, length(&refused))
	}
	page := v.Get(thread)
	remove := page.Form(thread + "/reply")
	remove.Set("remove_upload", remove["upload"][0])
	v.Post(thread+"/reply", remove).Status(200)
	again := attach{Name: "again.bin", Content: strings.Repeat("z", 1000)}
	v.Upload(thread+"/uploads", key, again).Status(200)
	v.Upload(thread+"/uploads", key, again).Status(413)
	// An agent removes the first file, and its room is free.
	agent := s.Member("agent@example.com")
	first := agent.Get("/desk/tickets/7").Links("/desk/tickets/7/attachments/", "/remove")[0]
	agent.Follow(agent.Post(first, agent.Get(first).Status(200).Has("first.bin").Form(first))).Has("The file is removed", "removed on 20 November 2026", "removed the file first.bin")
	v.Upload(thread+"/uploads", key, attach{Name: "big.bin", Content: strings.Repeat("z", 900_000)}).Status(200)
	v.Get(thread).Has("first.bin", "removed on 20 November 2026")
}

func length(m *sync.Map) (n int) {
	m.Range(func(any, any) bool { n++; return true })
	return n
}

func TestG4_TheWorkspacesAllowanceHolds(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	set(t, s, "/desk/settings/attachments", map[string]string{"storage_mb": "1"})
	v := s.Visitor("")
	form := newForm(v, "Without its file")
	v.PostFiles("/ticket/support", form, attach{Name: "big.bin", Content: strings.Repeat("x", 1<<20)}).Status(413).
		Has("no room for more files", "Without its file", "Go back")
	v.PostFiles("/ticket/support", form, attach{Name: "small.bin", Content: strings.Repeat("x", 1<<19)}).Status(303)
	s.Member("admin@example.com").Get("/desk/settings/attachments").Has("Acme Support", "In total")
}

func TestG5_ContentDecidesWhatIsTaken(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	pdf := "%PDF-1.7\n%âãÏÓ\n1 0 obj\n<<>>\nendobj\n"
	for _, c := range []struct {
		allowed, custom string
		taken, refused  []attach
	}{
		{"images", "", []attach{{Name: "a.txt", Content: picture(t, 3, 3)}}, []attach{{Name: "a.png", Content: pdf}, {Name: "b.png", Content: "<svg xmlns='http://www.w3.org/2000/svg'/>"}}},
		{"images_pdf", "", []attach{{Name: "a.pdf", Content: pdf}}, []attach{{Name: "a.pdf", Content: "PK\x03\x04\x14\x00\x00\x00"}}},
		{"custom", ".CSV, log; pdf", []attach{{Name: "a.csv", Content: "a,b\n1,2\n"}, {Name: "a.log", Content: "plain"}}, []attach{{Name: "a.log", Content: "<html><script>1</script></html>"}, {Name: "x.csv", Content: picture(t, 3, 3)}}},
	} {
		set(t, s, "/desk/settings/attachments", map[string]string{"allowed_types": c.allowed, "custom_types": c.custom})
		v := s.Visitor("")
		page := v.Get("/ticket/support").Has(`accept="`)
		for _, file := range c.taken {
			v.Upload("/ticket/support/uploads", page.Form("/ticket/support").Get("form_key"), file).Status(200)
		}
		for _, file := range c.refused {
			v.Upload("/ticket/support/uploads", page.Form("/ticket/support").Get("form_key"), file).Status(422).Has(file.Name, "is of a type that is not taken here")
		}
	}
}

func TestG7_NothingUploadedRunsInThePortalsOrigin(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	const eicar = `X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*`
	for name, c := range map[string]struct{ content, kind string }{
		"page.html":   {"<!doctype html><script>alert(1)</script>", "application/octet-stream"},
		"picture.svg": {`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`, "application/octet-stream"},
		"both.gif":    {"GIF89a/*" + strings.Repeat("x", 40) + "*/=1;alert(1)", "image/gif"},
		"virus.com":   {eicar, "application/octet-stream"},
		"zip.png":     {"PK\x03\x04\x14\x00\x00\x00\x08\x00", "application/octet-stream"},
		"script.js":   {"alert(1)", "application/octet-stream"},
	} {
		thread := opened(t, s, attach{Name: name, Content: c.content})
		v := s.Visitor("")
		page := v.Get(thread).Has(name)
		file := v.Get(page.Links(thread+"/attachments/", "")[0]).Status(200)
		for header, want := range map[string]string{
			"Content-Type": c.kind, "X-Content-Type-Options": "nosniff", "Cross-Origin-Resource-Policy": "same-origin",
			"Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
			"Content-Disposition":     fmt.Sprintf(`attachment; filename="%s"; filename*=UTF-8''%s`, name, name),
		} {
			if got := file.Header.Get(header); got != want {
				t.Errorf("%s: %s is %q, want %q", name, header, got, want)
			}
		}
		if file.Body != c.content {
			t.Errorf("%s came back as %q", name, file.Body)
		}
		if previews := page.Links(thread+"/attachments/", "/preview"); len(previews) > 0 {
			t.Errorf("%s has a preview", name)
		}
		s.Clock.Move(11 * time.Minute)
	}
}

func TestG7_NamesAreCleanedAndComeBackInAnyLanguage(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	for sent, shown := range map[string]string{
		"../../etc/passwd": "passwd", `C:\\temp\\report.pdf`: "report.pdf", "a\u202Egnp.exe": "agnp.exe",
		"снимок 🖼️.png": "снимок 🖼️.png", "..": "file", "a%00b.txt": "a%00b.txt", strings.Repeat("n", 300) + ".txt": strings.Repeat("n", 116) + ".txt",
	} {
		v := s.Visitor("")
		key := newForm(v, "x").Get("form_key")
		v.Upload("/ticket/support/uploads", key, attach{Name: sent, Content: "x"}).Status(200).Has(">" + shown + "</bdi>")
		s.Clock.Move(time.Minute)
	}
	v := s.Visitor("")
	v.Upload("/ticket/support/uploads", newForm(v, "x").Get("form_key"), attach{Name: "a\x00b.txt", Content: "x"}).Status(400).Has("arrived damaged")
}

func TestH1_OneClientUploadsSoMuchToForms(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	v := s.Visitor("")
	file := attach{Name: "a.txt", Content: "x"}
	for range 2 {
		key := newForm(v, "x").Get("form_key")
		for range 50 {
			v.Upload("/ticket/support/uploads", key, file).Status(200)
			s.Clock.Move(time.Second)
		}
		v.Upload("/ticket/support/uploads", key, file).Status(413).Has("A form takes at most 50 files")
	}
	v.Upload("/ticket/support/uploads", newForm(v, "x").Get("form_key"), file).Status(429).Has("uploaded a lot")
	s.Clock.Move(11 * time.Minute)
	v.Upload("/ticket/support/uploads", newForm(v, "x").Get("form_key"), file).Status(200)
}

func TestG7_RangesAndKeptCopies(t *testing.T) { bothStores(t, rangesAndKeptCopies) }

func rangesAndKeptCopies(t *testing.T, s *handlerstest.Server) {
	content := strings.Repeat("0123456789", 100_000)
	thread := opened(t, s, attach{Name: "big.txt", Content: content})
	v := s.Visitor("")
	link := v.Get(thread).Links(thread+"/attachments/", "")[0]
	v.Header.Set("Range", "bytes=500000-500009")
	part := v.Get(link).Status(206)
	if part.Body != content[500000:500010] || part.Header.Get("Content-Range") != "bytes 500000-500009/1000000" {
		t.Errorf("the range is %q, %q", part.Body, part.Header.Get("Content-Range"))
	}
	v.Header.Del("Range")
	v.Header.Set("If-None-Match", part.Header.Get("ETag"))
	v.Get(link).Status(304)
	if got := part.Header.Get("Cache-Control"); got != "private, no-cache" {
		t.Errorf("a file may be kept by %q", got)
	}
}

func TestG8_FilesOpenForTheirReadersAlone(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	thread := opened(t, s, attach{Name: "mine.txt", Content: "mine.txt"})
	other := s.Ticket("", "support", "eve@example.org", "Another")
	ada, eve := signedIn(t, s, "ada@example.org"), signedIn(t, s, "eve@example.org")
	agent := s.Member("agent@example.com")
	answer := func(kind, name string) {
		form := agent.Get("/desk/tickets/7").Form("/desk/tickets/7/messages")
		form.Set("kind", kind)
		form.Set("message", "With a file")
		agent.Follow(agent.PostFiles("/desk/tickets/7/messages", form, attach{Name: name, Content: name})).Status(200).Has(name)
	}
	answer("message", "public.txt")
	answer("note", "secret.txt")
	v := s.Visitor("")
	page := v.Get(thread).Has("mine.txt", "public.txt").HasNot("secret.txt")
	refs := map[string]string{}
	for _, link := range agent.Get("/desk/tickets/7").Links("/desk/tickets/7/attachments/", "") {
		if file := agent.Get(link); file.Header.Get("Content-Disposition") != "" {
			refs[file.Body] = strings.TrimPrefix(link, "/desk/tickets/7/attachments/")
		}
	}
	if len(refs) != 3 {
		t.Fatalf("the desk sees the files %v", refs)
	}
	v.Get(thread + "/attachments/" + refs["public.txt"]).Status(200).Has("public.txt")
	unknown := v.Get(thread + "/attachments/AAAAAAAAAAAAAAAAAAAAAA").Status(404)
	secret := v.Get(thread + "/attachments/" + refs["secret.txt"]).Status(404).HasNot("secret.txt")
	if secret.Body != unknown.Body {
		t.Error("a note's file is told from one that never was")
	}
	v.Get(other).Status(200)
	v.Get(other + "/attachments/" + refs["mine.txt"]).Status(404)
	ref := ada.Get("/tickets").Links("/tickets/", "")
	var mine string
	for _, link := range ref {
		if strings.Contains(ada.Get(link).Body, "mine.txt") {
			mine = link
		}
	}
	ada.Get(mine + "/attachments/" + refs["mine.txt"]).Status(200).Has("mine")
	ada.Get(mine + "/attachments/" + refs["secret.txt"]).Status(404)
	eve.Get(mine + "/attachments/" + refs["mine.txt"]).Status(404)
	s.Visitor("globex.localhost").Get(thread + "/attachments/" + refs["mine.txt"]).Status(404)
	s.Visitor("").Get("/desk/tickets/7/attachments/" + refs["mine.txt"]).Status(303)
	agent.Get("/desk/tickets/8/attachments/" + refs["mine.txt"]).Status(404)
	if page.Links("/", "secret.txt") != nil {
		t.Error("the thread links a note's file")
	}
}

func TestI6_SwitchedOffUploadsAreRefusedAndSaidSo(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	thread := s.Ticket("", "support", "ada@example.org", "Help")
	v := s.Visitor("")
	key := v.Get(thread).Form(thread + "/reply").Get("form_key")
	set(t, s, "/desk/settings/portal", map[string]string{"public_uploads": ""})
	file := attach{Name: "a.txt", Content: "x"}
	for _, page := range []string{thread, "/ticket/support"} {
		v.Get(page).Status(200).Has("Files are not taken here at the moment", `aria-describedby="attachments-hint" disabled`)
	}
	v.Upload(thread+"/uploads", key, file).Status(403).Has("Files are not taken")
	form := v.Get(thread).Form(thread + "/reply")
	form.Set("message", "With a file")
	v.PostFiles(thread+"/reply", form, file).Status(403).Has("With a file", "Go back")
	create := newForm(v, "With a file")
	v.PostFiles("/ticket/support", create, file).Status(403).Has("With a file", "Go back")
	v.Post("/ticket/support", create).Status(303)
}

func TestH1_AThreadLinkUploadsItsShareADay(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	set(t, s, "/desk/settings/limits", map[string]string{"upload_mb_per_day": "1"})
	thread := s.Ticket("", "support", "ada@example.org", "Help")
	v := s.Visitor("")
	key := v.Get(thread).Form(thread + "/reply").Get("form_key")
	half := attach{Name: "half.bin", Content: strings.Repeat("x", 1<<19)}
	v.Upload(thread+"/uploads", key, half).Status(200)
	v.Upload(thread+"/uploads", key, half).Status(200)
	refused := v.Upload(thread+"/uploads", key, attach{Name: "one.bin", Content: "x"}).Status(429).Has("uploaded a lot")
	if refused.Header.Get("Retry-After") == "" {
		t.Error("it is not said when to try again")
	}
	form := v.Get(thread).Form(thread + "/reply")
	form.Set("message", "Typed with the file")
	v.PostFiles(thread+"/reply", form, attach{Name: "one.bin", Content: "x"}).Status(429).Has("Typed with the file")
	s.Clock.Move(25 * time.Hour)
	v.Upload(thread+"/uploads", v.Get(thread).Form(thread+"/reply").Get("form_key"), half).Status(200)
}

func TestC5_ARequiredFileFieldCountsItsUploads(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	admin := s.Member("admin@example.com")
	path := "/desk/settings/templates/1/new"
	field := admin.Get(path).Status(200).Form(path)
	for name, value := range map[string]string{"key": "screenshot", "kind": "file", "label": "Screenshot", "required": "1", "visibility": "shown"} {
		field.Set(name, value)
	}
	admin.Post(path, field).Status(303)
	v := s.Visitor("")
	form := newForm(v, "Needs a picture")
	v.Post("/ticket/support", form).Status(422).Has("Add a file for “Screenshot”", `href="#field_screenshot"`)
	form.Set("field_screenshot", "forged.png")
	v.Post("/ticket/support", form).Status(422).Has("Add a file for “Screenshot”")
	form.Del("field_screenshot")
	v.PostFiles("/ticket/support", form, attach{Name: "other.png", Content: picture(t, 2, 2)}).Status(422).Has("Add a file for “Screenshot”")
	v.PostFiles("/ticket/support", form, attach{Field: "field_screenshot", Name: "right.png", Content: picture(t, 2, 2)}).Status(303)
	admin.Get("/desk/tickets/7").Has("<dt dir=\"auto\">Screenshot</dt><dd><bdi>right.png</bdi>", "other.png")
}
