package browser_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"deskbell/handlers/handlerstest"
)

// screenshot is a picture as people send them.
func screenshot(t testing.TB) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 1200, 800))
	for y := range 800 {
		for x := range 1200 {
			img.Set(x, y, color.RGBA{R: uint8(x / 5), G: uint8(y / 4), B: 120, A: 255})
		}
	}
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// pick chooses files in the picker of an input.
func (p *tab) pick(input string, named map[string][]byte) {
	p.t.Helper()
	var paths []string
	dir := p.t.TempDir()
	for name, content := range named {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, content, 0o600); err != nil {
			p.t.Fatal(err)
		}
		paths = append(paths, path)
	}
	p.do(chromedp.SetUploadFiles(`input[name=`+input+`]`, paths, chromedp.ByQuery))
}

// waits waits until so many files stand in the form, each with its name on the server.
func (p *tab) waits(n int) {
	p.t.Helper()
	p.until("document.querySelectorAll('.upload__list input[name=upload]').length === %d", n)
}

func TestG1_FilesFromThePickerToTheThread(t *testing.T) {
	everyLook(t, func(t *testing.T, s *handlerstest.Server, l look) {
		p := open(t, s, "", l)
		p.expect("status of 422")
		p.visit("/ticket/support")
		p.shows("Files of any type, up to 10 MB each.")
		p.fill("email", "ada@new.example")
		p.fill("description", "Two files belong to this.")
		p.pick("attachments", map[string][]byte{"shelf.png": screenshot(t), "app.log": []byte(strings.Repeat("a line\n", 500))})
		if !l.noScript {
			p.waits(2)
			p.is("document.activeElement !== null && document.getElementById('attachments').value === ''")
			p.shot("chosen")
			p.reload()
			p.shows("shelf.png", "app.log")
			p.waits(2)
			p.fill("email", "ada@new.example")
			p.fill("description", "Two files belong to this.")
		}
		p.loads(func() { p.press("Send ticket") })
		p.shows("Enter a title", "shelf.png", "app.log")
		p.waits(2)
		if !l.noScript {
			p.shutsNobodyOut("a form with files")
			p.fitsEveryScreen("a form with files")
			p.emulate(l)
		}
		p.fill("title", "Two files")
		remove := func() {
			p.pressOn(`[...document.querySelectorAll(".attachment")].find((line) => line.innerText.includes("app.log")).querySelector("button")`)
		}
		if l.noScript {
			p.loads(remove)
		} else {
			remove()
			p.focused("#attachments")
		}
		p.waits(1)
		p.is("document.getElementsByName('title')[0].value === 'Two files'")
		p.loads(func() { p.press("Send ticket") })
		p.shows("Thank you, your ticket is here")
		s.Jobs.Step(t.Context())
		thread := s.Mailbox.Last(t, "ada@new.example").Link(t, "/ticket/thread/")
		p.visit(thread)
		p.shows("shelf.png")
		p.hides("app.log")
		p.until("document.querySelector('.attachment__thumb').naturalWidth === 640")
		if !l.noScript {
			p.shutsNobodyOut("a thread with files")
			p.emulate(l)
		}

		p.pick("attachments", map[string][]byte{"notes.txt": []byte("One more.")})
		p.fill("message", "And the notes.")
		if l.noScript {
			p.loads(func() { p.press("Send reply") })
		} else {
			p.waits(1)
			p.press("Send reply")
			p.waits(0)
		}
		p.shows("And the notes.", "notes.txt")
		p.shot("thread")
		p.is("document.querySelectorAll('#conversation .attachment').length === 2")
	})
}

func TestG1_RefusedAndStoppedFilesSayWhyAndBlockNothing(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	p := open(t, s, "", look{phone: true})
	p.expect("status of 422")
	p.visit("/ticket/support")
	p.pick("attachments", map[string][]byte{"empty.txt": nil})
	p.shows("“empty.txt” is empty.")
	p.pick("attachments", map[string][]byte{"huge.bin": make([]byte, 10<<20+1)})
	p.shows("“huge.bin” is larger than 10 MB.")
	p.pick("attachments", map[string][]byte{"good.txt": []byte("good")})
	p.waits(1)
	p.shot("refused")
	p.shutsNobodyOut("a form with refused files")
	p.fitsEveryScreen("a form with refused files")
	p.press("Dismiss")
	p.focused("#attachments")
	p.fill("email", "ada@new.example")
	p.fill("title", "Two were refused")
	p.fill("description", "And one was not.")
	p.loads(func() { p.press("Send ticket") })
	p.shows("Thank you, your ticket is here")
	s.Member("agent@example.com").Get("/desk/tickets/7").Has("good.txt").HasNot("empty.txt", "huge.bin")
}

func TestG3_ABrowserShowsWhyARequestIsTooLarge(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	p := open(t, s, "", look{noScript: true})
	p.expect("status of 413")
	p.visit("/ticket/support")
	p.fill("title", "Typed before")
	p.pick("attachments", map[string][]byte{"huge.bin": make([]byte, 40<<20)})
	p.loads(func() { p.press("Send ticket") })
	p.shows("This is too large", "larger than the 25 MB that can be sent at once")
}

// A submission waits for the files that are on their way, and goes by itself once they are there.
func TestG1_AFormWaitsForItsFiles(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	p := open(t, s, "", look{})
	upload := p.hold("*/uploads")
	p.visit("/ticket/support")
	p.fill("email", "ada@new.example")
	p.fill("title", "Sent while a file was on its way")
	p.fill("description", "It is slow.")
	p.pick("attachments", map[string][]byte{"slow.txt": []byte("slow")})
	p.until("document.querySelector('.upload__list progress')")
	p.press("Send ticket")
	p.until("document.getElementById('upload-news').innerText.includes('as soon as the files are there')")
	p.shot("waits")
	p.loads(upload.release)
	p.shows("Thank you, your ticket is here")
	s.Member("agent@example.com").Get("/desk/tickets/7").Has("slow.txt")
}

func TestG1_FilesAreDroppedAndPasted(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	p := open(t, s, "", look{})
	p.visit("/ticket/support")
	p.shows("drop files here, or paste a picture")
	p.eval(`window.carry = (...names) => { const data = new DataTransfer();
		names.forEach((name) => data.items.add(new File(["content of " + name], name, { type: "text/plain" }))); return data; }`)
	p.eval(`document.getElementById("description").dispatchEvent(new DragEvent("dragover", { dataTransfer: carry("a.txt"), bubbles: true, cancelable: true }))`)
	p.is(`document.querySelector(".upload--over") !== null`)
	p.eval(`document.getElementById("description").dispatchEvent(new DragEvent("drop", { dataTransfer: carry("a.txt", "b.txt"), bubbles: true, cancelable: true }))`)
	p.waits(2)
	p.is(`document.querySelector(".upload--over") === null`)
	p.eval(`document.getElementById("description").dispatchEvent(new ClipboardEvent("paste", { clipboardData: carry("image.png"), bubbles: true, cancelable: true }))`)
	p.waits(3)
	p.shows("a.txt", "b.txt", "image.png")
	p.is(`!document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: carry("missed.txt"), bubbles: true, cancelable: true }))`)
	p.waits(3)
}

// Whatever is uploaded, as a page, a frame, a picture or a script of the portal: it does not run.
func TestG7_NothingUploadedRunsInTheBrowser(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	v := s.Visitor("")
	form := v.Get("/ticket/support").Form("/ticket/support")
	for name, value := range map[string]string{"email": "ada@new.example", "title": "Hostile", "description": "Files"} {
		form.Set(name, value)
	}
	const run = "window.pwned = true; parent.pwned = true;"
	v.PostFiles("/ticket/support", form,
		handlerstest.Attach{Name: "page.html", Content: "<!doctype html><script>" + run + "</script>"},
		handlerstest.Attach{Name: "picture.svg", Content: `<svg xmlns="http://www.w3.org/2000/svg" onload="` + run + `"><script>` + run + `</script></svg>`},
		handlerstest.Attach{Name: "both.gif", Content: "GIF89a/*" + strings.Repeat("x", 40) + "*/=1;" + run},
		handlerstest.Attach{Name: "script.js", Content: run},
	).Status(303)
	s.Jobs.Step(t.Context())
	thread := s.Mailbox.Last(t, "ada@new.example").Link(t, "/ticket/thread/")
	links := v.Get(thread).Links(thread+"/attachments/", "")
	if len(links) != 4 {
		t.Fatalf("the thread links %d files", len(links))
	}
	p := open(t, s, "", look{})
	p.expect("MIME type", "Refused", "violates", "ERR_BLOCKED", "frame")
	p.visit(thread)
	for _, link := range links {
		p.eval("window.left = 3")
		p.eval(`["iframe", "img", "script"].forEach((kind) => { const element = document.createElement(kind);
			element.onload = element.onerror = () => { window.left--; }; element.src = %q; document.body.append(element); })`, link)
		p.until("window.left <= 1") // a frame that becomes a download tells nobody
		p.is("window.pwned === undefined")
		p.eval("location.href = %q", link)
		p.is("location.pathname === %q", thread)
	}
	p.is("window.pwned === undefined")
	p.is("document.querySelectorAll('#conversation .attachment__link').length === %d", len(links))
}
