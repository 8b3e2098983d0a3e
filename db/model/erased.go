package model

// What stands where somebody was erased.
const (
	ErasedPerson  = "Erased person"
	ErasedTitle   = "Erased"
	ErasedMessage = "This text was erased."
	ErasedFile    = "Erased file"
)

// ErasedText is the text in place of an erased one.
func ErasedText() RichText {
	return RichText{Source: ErasedMessage, HTML: "<p>" + ErasedMessage + "</p>"}
}

// Standing is a stored name, title or text as customers read it: what stands for something erased in their
// language, anything else as it was typed.
func Standing(stored string) Text {
	switch stored {
	case ErasedPerson:
		return Say("Erased person")
	case ErasedTitle:
		return Say("Erased")
	case ErasedMessage:
		return Say("This text was erased.")
	case ErasedFile:
		return Say("Erased file")
	}
	return AsTyped(stored)
}
