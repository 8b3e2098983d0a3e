package model

import (
	"fmt"
	"slices"
)

// MaxTemplateName is the length of a template's name, in characters.
const MaxTemplateName = 80

// CheckTemplateName returns an Invalid error for a cleaned name that is empty or too long.
func CheckTemplateName(name string) error {
	var errs FieldErrors
	if name == "" {
		errs.Add("name", "Enter a name by which your team knows the template. Customers never see it.")
	}
	boundLength(&errs, "name", "Shorten the name by {0} characters: it has {1}, and {2} are possible.", name, MaxTemplateName)
	return errs.Err()
}

// position returns where a field stands, and NotFound for a key that the template does not have.
func (t Template) position(key string) (int, error) {
	i := slices.IndexFunc(t.Fields, func(f Field) bool { return f.Key == key })
	if i < 0 {
		return 0, Fail(NotFound, "This field is gone: somebody may have removed it. Go back to the template.")
	}
	return i, nil
}

// Field returns the field with a key, or NotFound.
func (t Template) Field(key string) (Field, error) {
	i, err := t.position(key)
	if err != nil {
		return Field{}, err
	}
	return t.Fields[i], nil
}

// WithField returns the fields with one in the place of the field with the old key, or at the end
// for "". It fails with Invalid for a key that another field has.
func (t Template) WithField(oldKey string, f Field) ([]Field, error) {
	list := slices.Clone(t.Fields)
	for _, other := range list {
		if other.Key == f.Key && other.Key != oldKey {
			return nil, FieldErrors{{Field: "key", Message: fmt.Sprintf("Choose another key: the field “%s” has this one.", other.Label)}}.Err()
		}
	}
	if oldKey == "" {
		return append(list, f), nil
	}
	i, err := t.position(oldKey)
	if err != nil {
		return nil, err
	}
	list[i] = f
	return list, nil
}

// WithoutField returns the fields less one.
func (t Template) WithoutField(key string) ([]Field, error) {
	i, err := t.position(key)
	if err != nil {
		return nil, err
	}
	return slices.Delete(slices.Clone(t.Fields), i, i+1), nil
}

// Moved returns the fields with one moved up or down by a place; at the end of the list it stays.
func (t Template) Moved(key string, up bool) ([]Field, error) {
	i, err := t.position(key)
	if err != nil {
		return nil, err
	}
	list, to := slices.Clone(t.Fields), i+1
	if up {
		to = i - 1
	}
	if to >= 0 && to < len(list) {
		list[i], list[to] = list[to], list[i]
	}
	return list, nil
}

// Ordered returns the fields in the order of their keys. It fails with Conflict when these are not the
// keys of the template's fields, each once: somebody has added or removed one meanwhile.
func (t Template) Ordered(keys []string) ([]Field, error) {
	list := slices.Clone(t.Fields)
	place := func(f Field) int { return slices.Index(keys, f.Key) }
	slices.SortStableFunc(list, func(a, b Field) int { return place(a) - place(b) })
	for i, f := range list {
		if len(keys) != len(list) || keys[i] != f.Key {
			return nil, Fail(Conflict, "Somebody has added or removed a field meanwhile, so the new order was not saved. "+
				"Load the template again, and put its fields in order once more.")
		}
	}
	return list, nil
}

// Warnings says what of a template cannot work or is easily forgotten, a sentence each.
func (t Template) Warnings() []string {
	var list []string
	for _, f := range t.Fields {
		if err, ok := AsError(f.CheckDefinition()); ok {
			for _, e := range err.Fields {
				list = append(list, fmt.Sprintf("%s: %s", f.Label, e.Message))
			}
		}
		if f.Visibility != Shown && f.Default == "" && !f.Required {
			list = append(list, f.Label+": nobody is asked and it has no default, so no ticket ever has an answer.")
		}
	}
	if len(t.Form()) == 0 {
		list = append(list, "No field is shown: the form asks nothing where this template holds.")
	}
	return list
}

// Kept says what of a template never reaches a browser outside, a line each (C4).
func (t Template) Kept() []string {
	var list []string
	for _, f := range t.Fields {
		if f.Visibility != Shown {
			list = append(list, fmt.Sprintf("The %s field %s, filled in with “%s”", f.Visibility, f.Key, f.Default))
		} else if f.Default != "" {
			list = append(list, fmt.Sprintf("The default of %s: “%s”", f.Key, f.Default))
		}
		if f.Description != "" {
			list = append(list, fmt.Sprintf("The internal description of %s: “%s”", f.Key, f.Description))
		}
	}
	return list
}
