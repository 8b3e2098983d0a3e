package preview

import (
	"archive/zip"
	"bytes"
	"errors"
	"image"
	"strings"
	"testing"
	"testing/iotest"

	"deskbell/db/model"
)

// office is a ZIP with entries of these names, as office programs write them.
func office(t *testing.T, names ...string) string {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, name := range names {
		entry, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := entry.Write([]byte(`<?xml version="1.0"?><x/>`)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

const (
	docxMedia = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	xlsxMedia = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
)

// What a list of types means for real content: G5 by what a file holds, not by its name.
func TestG5_TheContentDecidesWhatIsAllowed(t *testing.T) {
	t.Parallel()
	log := "2026-11-01 12:00:00,123 INFO started\n2026-11-01 12:00:01,124 INFO ready\n"
	for _, c := range []struct {
		content string
		want    model.FileType
		allowed string // entries that allow it, one by one
		refused string // entries that do not
	}{
		{string(asPNG(t, image.NewGray(image.Rect(0, 0, 1, 1)))), model.FileType{Media: "image/png", Ext: "png"}, "png image/png image/*", "jpg txt pdf"},
		{string(asJPEG(t, image.NewGray(image.Rect(0, 0, 1, 1)))), model.FileType{Media: "image/jpeg", Ext: "jpg"}, "jpg jpeg image/jpeg image/jpg", "png"},
		{string(asGIF(t, 1, 1, 1)), model.FileType{Media: "image/gif", Ext: "gif"}, "gif", "webp"},
		{string(testdata(t, "lossy.webp")), model.FileType{Media: "image/webp", Ext: "webp"}, "webp", "png"},
		{`<svg xmlns="http://www.w3.org/2000/svg"/>`, model.FileType{Media: "image/svg+xml", Ext: "svg"}, "svg image/svg+xml image/*", "xml txt png"},
		{"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", model.FileType{Media: "image/heic", Ext: "heic"}, "heic image/*", "jpg"},
		{"%PDF-1.7\n", model.FileType{Media: "application/pdf", Ext: "pdf"}, "pdf application/pdf application/*", "txt image/*"},
		{"hello\nthere", model.FileType{Media: "text/plain", Ext: "txt"}, "txt log md csv json eml text text/plain text/*", "pdf xlsx"},
		{"", model.FileType{Media: "text/plain", Ext: "txt"}, "txt", "pdf"},
		{"Gr\xfc\xdfe", model.FileType{Media: "text/plain", Ext: "txt"}, "txt", "pdf"},
		{"a,b,c\n1,2,3\n4,5,6\n", model.FileType{Media: "text/csv", Ext: "csv"}, "csv txt log text/csv text/plain text/*", "xlsx html"},
		{log, model.FileType{Media: "text/csv", Ext: "csv"}, "log txt", "html"},
		{`{"a":1}`, model.FileType{Media: "application/json", Ext: "json"}, "json txt log application/json", "html js"},
		{"{\"a\":1}\n{\"b\":2}\n", model.FileType{Media: "application/x-ndjson", Ext: "ndjson"}, "ndjson json log", "html"},
		{"From: a@b.c\r\nTo: d@e.f\r\nSubject: x\r\n\r\nhello", model.FileType{Media: "message/rfc822", Ext: "eml"}, "eml", "html"},
		{`<?xml version="1.0"?><a/>`, model.FileType{Media: "text/xml", Ext: "xml"}, "xml text/xml application/xml", "txt html"},
		{"<!DOCTYPE html><p>x", model.FileType{Media: "text/html", Ext: "html"}, "html htm text/html text/*", "txt log md xml csv text/plain"},
		{"  \n<script>alert(1)</script>", model.FileType{Media: "text/html", Ext: "html"}, "html text/*", "txt"},
		{`<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"/>`, model.FileType{Media: "application/xhtml+xml", Ext: "html"}, "html application/*", "txt xml text/*"},
		{"#!/usr/bin/env node\n", model.FileType{Media: "text/javascript", Ext: "js"}, "js text/*", "txt"},
		{"#!/bin/sh\necho", model.FileType{Media: "text/x-shellscript", Ext: "sh"}, "sh text/*", "txt"},
		{office(t, "[Content_Types].xml", "_rels/.rels", "word/document.xml"), model.FileType{Media: docxMedia, Ext: "docx"}, "docx", "zip xlsx doc"},
		{office(t, "[Content_Types].xml", "_rels/.rels", "xl/workbook.xml"), model.FileType{Media: xlsxMedia, Ext: "xlsx"}, "xlsx", "zip csv docx"},
		{office(t, "a.txt"), model.FileType{Media: "application/zip", Ext: "zip"}, "zip application/x-zip-compressed", "docx txt"},
		{"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 600), model.FileType{Media: "application/x-ole-storage"}, "doc xls ppt msg", "docx txt"},
		{"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00isomiso2avc1mp41", model.FileType{Media: "video/mp4", Ext: "mp4"}, "mp4 video/*", "mov image/*"},
		{"MZ\x90\x00", model.FileType{Media: "application/vnd.microsoft.portable-executable", Ext: "exe"}, "exe", "txt image/* zip"},
		{"\x7fELF\x02\x01\x01", model.FileType{Media: "application/x-elf"}, "application/x-elf", "txt exe"},
		{"\x00\x01\x02\x03", model.FileType{Media: "application/octet-stream"}, "application/octet-stream", "txt pdf image/*"},
	} {
		got, err := Sniff(strings.NewReader(c.content))
		if err != nil || got != c.want {
			t.Errorf("%.40q is %+v, %v, and not %+v", c.content, got, err, c.want)
		}
		for entries, want := range map[string]bool{c.allowed: true, c.refused: false} {
			for entry := range strings.FieldsSeq(entries) {
				custom, err := model.ParseCustomTypes(entry)
				if err != nil {
					t.Fatal(err)
				}
				if (model.AllowedTypes{Kind: model.AllowCustom, Custom: custom}).Allows(got) != want {
					t.Errorf("%s: a list of it allows %.40q: %v", entry, c.content, !want)
				}
			}
		}
	}
}

func TestG5_AFileThatCannotBeReadHasNoType(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	if kind, err := Sniff(iotest.ErrReader(broken)); !errors.Is(err, broken) || kind != (model.FileType{}) {
		t.Errorf("got %+v, %v", kind, err)
	}
}
