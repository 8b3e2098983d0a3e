package model

import (
	"strconv"
	"strings"
)

// PartKind is a kind of what a project consists of.
type PartKind string

// The kinds of a part.
const (
	TypePart   PartKind = "types"
	StatusPart PartKind = "statuses"
)

// Part is a ticket type or a status of a project.
type Part struct {
	Kind     PartKind
	Key      string // a type's key, or a status' id in digits
	Name     string
	Category Category // of a status
	Default  bool     // of a type: it is the project's default
}

// MaxParts is how many types, and how many statuses, a project has.
const MaxParts = 50

// MaxPartName is the length of their names, in characters.
const MaxPartName = 80

// CheckPart says what is wrong with the name of a part among the others of its project.
func CheckPart(p Part, others []Part) FieldErrors {
	var errs FieldErrors
	if n := Chars(p.Name); n == 0 || n > MaxPartName {
		errs.Add("name", "Enter a name of at most 80 characters.")
	}
	for _, o := range others {
		if o.Key != p.Key && strings.EqualFold(o.Name, p.Name) {
			errs.Add("name", "There is one of this name already. Choose another name.")
		}
	}
	if p.Kind == StatusPart && p.Category != Open && p.Category != Waiting && p.Category != Closed {
		errs.Add("category", "Choose what it means from the list.")
	}
	return errs
}

// Kept says why a part of a project cannot go, "" where it can.
func (p Part) Kept(all []Part) string {
	alike := 0
	for _, o := range all {
		if o.Category == p.Category {
			alike++
		}
	}
	switch {
	case p.Default:
		return "This is the project’s default type. Choose another default first."
	case alike == 1:
		return "The program itself moves tickets to it: it is the last one of what it means."
	}
	return ""
}

// TypeKey makes the key of a new type of its name: forms and addresses carry it. Taken ones get a number.
func TypeKey(name string, taken []Part) string {
	key := strings.Map(func(r rune) rune {
		switch {
		case 'a' <= r && r <= 'z', '0' <= r && r <= '9':
			return r
		case r == ' ' || r == '-' || r == '_':
			return '_'
		}
		return -1
	}, Fold(name))
	key = strings.Trim(key[:min(len(key), 30)], "_")
	if key == "" {
		key = "type"
	}
	for n, base := 2, key; ; n++ {
		free := true
		for _, t := range taken {
			free = free && t.Key != key
		}
		if free {
			return key
		}
		key = base + "_" + strconv.Itoa(n)
	}
}
