package model

import (
	"strings"
	"testing"
)

// awkward are colours that no page could use as they are, and some that it could.
var awkward = []string{
	"#ffff00", "#ffffff", "#000000", "#808080", "#777777", "#00ff00", "#0000ff", "#ff0000", "#00ffff", "#ff00ff",
	"#f5f6f8", "#1b2125", "#17605c", "#b8430f", "#010101", "#fefefe", "#757575", "#ffe5b4",
}

// The grounds of the stylesheet on which ink stands: page, surface, sunken.
var lightPages, darkPages = []string{"#f5f6f8", "#ffffff", "#eaedf0"}, []string{"#13171a", "#1b2125", "#262e33"}

func color(t *testing.T, text string) Color {
	t.Helper()
	c, ok := ParseColor(text)
	if !ok {
		t.Fatalf("%q is no colour", text)
	}
	return c
}

func TestN_WhateverTheColourEverythingCanBeRead(t *testing.T) {
	t.Parallel()
	colors := make([]Color, 0, 6000)
	for _, text := range awkward {
		colors = append(colors, color(t, text))
	}
	for r := 0; r < 256; r += 15 {
		for g := 0; g < 256; g += 15 {
			for b := 0; b < 256; b += 15 {
				colors = append(colors, Color{uint8(r), uint8(g), uint8(b)})
			}
		}
	}
	for _, c := range colors {
		p := c.Palette()
		if p.Brand != c {
			t.Errorf("%s: buttons have the ground %s", c, p.Brand)
		}
		stands(t, c, "text on a button", p.Text, p.Brand, 4.5)
		for _, page := range lightPages {
			stands(t, c, "a link on "+page, p.InkLight, color(t, page), 4.5)
		}
		for _, page := range darkPages {
			stands(t, c, "a link on "+page, p.InkDark, color(t, page), 4.5)
		}
		stands(t, c, "a link on its tint", p.InkLight, tint(p.InkLight, white), 4.5)
		stands(t, c, "a link on its dark tint", p.InkDark, tint(p.InkDark, darkGround), 4.5)
		stands(t, c, "a button's edge", p.EdgeLight, lightGround, 3)
		stands(t, c, "a button's dark edge", p.EdgeDark, darkGround, 3)
	}
}

func stands(t *testing.T, c Color, what string, ink, ground Color, want float64) {
	t.Helper()
	if got := ink.contrast(ground); got < want {
		t.Errorf("%s: %s is %s on %s: a contrast of %.2f, want %.1f", c, what, ink, ground, got, want)
	}
}

// tint is a surface with 9 % of an ink, as the stylesheet mixes it.
func tint(ink, surface Color) Color {
	mix := func(a, b uint8) uint8 { return uint8((int(a)*9 + int(b)*91) / 100) }
	return Color{mix(ink.R, surface.R), mix(ink.G, surface.G), mix(ink.B, surface.B)}
}

func TestN_AColourThatCanBeReadStaysAsItIs(t *testing.T) {
	t.Parallel()
	teal, yellow := color(t, "#17605c"), color(t, "#ffff00")
	if p := teal.Palette(); p.Text != white || p.InkLight != teal || p.EdgeLight != teal {
		t.Errorf("on light pages %s becomes %v", teal, p)
	}
	if p := yellow.Palette(); p.Text != black || p.InkDark != yellow || p.EdgeDark != yellow {
		t.Errorf("on dark pages %s becomes %v", yellow, p)
	}
}

func TestN_ContrastIsThatOfTheStandard(t *testing.T) {
	t.Parallel()
	if got := black.contrast(white); got != 21 {
		t.Errorf("black on white: %.3f, want 21", got)
	}
	if got := color(t, "#767676").contrast(white); got < 4.54 || got > 4.55 { // the lightest grey for text on white
		t.Errorf("#767676 on white: %.3f, want 4.54", got)
	}
}

func TestN_ColoursAreReadAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"#17605c": "#17605c", "#FFFF00": "#ffff00", "abcdef": "#abcdef", "#fff": "#ffffff", "1aF": "#11aaff", "#010203": "#010203",
	} {
		if got := color(t, text).String(); got != want {
			t.Errorf("%q is %s, want %s", text, got, want)
		}
	}
	for _, text := range []string{"", "#", "red", "#12", "#1234", "#12345", "#1234567", "#12345g", "##123456", " #123456", "#123456 ", "#12345６", "#+1234f",
		"rgb(1,2,3)", "#123456;}", "#123456\n", "0x1234", "#-12345"} {
		if c, ok := ParseColor(text); ok {
			t.Errorf("%q is read as %s", text, c)
		}
	}
}

func FuzzParseColor(f *testing.F) {
	for _, text := range append(awkward, "#fff", "fff", "#12345g", "") {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, ok := ParseColor(text)
		if !ok {
			return
		}
		again, ok := ParseColor(c.String())
		if !ok || again != c || len(c.String()) != 7 {
			t.Errorf("%q is %s, which is read as %s, %t", text, c, again, ok)
		}
		if len(strings.TrimPrefix(text, "#")) == 6 && !strings.EqualFold(strings.TrimPrefix(text, "#"), c.String()[1:]) {
			t.Errorf("%q is %s", text, c)
		}
	})
}
