package views

import (
	"testing"

	"deskbell/db/model"
	"deskbell/views/language"
)

// BenchmarkThread renders a thread of ten messages, the page that is asked for most.
func BenchmarkThread(b *testing.B) {
	v := newViews(b)
	page := Thread{Frame: frame, URL: "/ticket/thread/x", Reader: "ada@example.org", Subscribed: true, FormKey: "k", Uploads: plain,
		Thread: model.PublicThread{Title: "Help", State: model.WaitingForYou, Description: "<p>Please.</p>", OpenedAt: when, Files: publicFiles}}
	for i := range 10 {
		m := entry
		m.Version, m.Team = int64(i+1), i%2 == 0
		page.Thread.Messages = append(page.Thread.Messages, m)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := v.Render(page, language.Of("de")); err != nil {
			b.Fatal(err)
		}
	}
}
