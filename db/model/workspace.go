package model

// MaxWorkspaceName bounds the name of a workspace, in characters.
const MaxWorkspaceName = 80

// Check looks at what the workspace's own page of the settings sets (N). It fails with Invalid.
func (w Workspace) Check() error {
	var errs FieldErrors
	if w.Name == "" {
		errs.Add("name", "Enter a name for the workspace.")
	}
	boundLength(&errs, "name", "Shorten the name by {0} characters: it has {1}, and {2} are possible.", w.Name, MaxWorkspaceName)
	if c, ok := ParseColor(w.Color); w.Color != "" && (!ok || c.String() != w.Color) {
		errs.Add("color", "Enter a colour like #17605c: “#” and six digits from 0 to 9 and a to f.")
	}
	return errs.Err()
}

// Palette returns the colours of the workspace's pages and mails: its own, or the product's.
func (w Workspace) Palette() Palette {
	c, ok := ParseColor(w.Color)
	if !ok {
		c = ProductColor
	}
	return c.Palette()
}

// MaxLogo bounds the picture that is uploaded as a logo, in bytes. What is kept of it is made anew, and
// smaller.
const MaxLogo = 1 << 20

// Logo is the picture that a workspace shows instead of its name. The zero value is none.
type Logo struct {
	Hash   string // names its bytes
	Width  int    // pixels
	Height int
}

// The box in which a logo is shown, in pixels of a page.
const (
	logoWidth  = 200
	logoHeight = 40
)

// Shown returns the size in which pages and mails show the logo. It is never made larger.
func (l Logo) Shown() (width, height int) {
	width, height = l.Width, l.Height
	switch wide := width*logoHeight > height*logoWidth; {
	case wide && width > logoWidth:
		width, height = logoWidth, height*logoWidth/width
	case !wide && height > logoHeight:
		width, height = width*logoHeight/height, logoHeight
	}
	return max(1, width), max(1, height)
}
