package web

import (
	"bytes"
	"compress/gzip"
	"container/list"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/labstack/echo/v4"
)

// Kept holds finished pages, compressed, under names that say all that they depend on: a page of another
// state has another name, so that nothing has to be taken out when something changes. It is bounded by
// bytes; what was asked for longest ago goes first. Safe for use by many requests at once.
type Kept struct {
	max int // bytes

	mu     sync.Mutex
	bytes  int
	pages  map[string]*list.Element
	recent *list.List // of *keptPage, the last asked for in front
}

type keptPage struct {
	name string
	gzip []byte
}

// NewKept returns an empty store of up to max bytes.
func NewKept(max int) *Kept {
	return &Kept{max: max, pages: map[string]*list.Element{}, recent: list.New()}
}

// get returns a page's gzip bytes, nil where it is not kept.
func (k *Kept) get(name string) []byte {
	k.mu.Lock()
	defer k.mu.Unlock()
	e, ok := k.pages[name]
	if !ok {
		return nil
	}
	k.recent.MoveToFront(e)
	return e.Value.(*keptPage).gzip
}

func (k *Kept) put(name string, page []byte) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if _, ok := k.pages[name]; ok || k.cost(name, page) > k.max/8 { // one page is not worth many
		return
	}
	k.pages[name] = k.recent.PushFront(&keptPage{name, page})
	for k.bytes += k.cost(name, page); k.bytes > k.max; {
		last := k.recent.Back()
		old := k.recent.Remove(last).(*keptPage)
		delete(k.pages, old.name)
		k.bytes -= k.cost(old.name, old.gzip)
	}
}

// cost is what a page takes of the memory; entry stands for map and list.
func (k *Kept) cost(name string, page []byte) int {
	const entry = 200
	return entry + len(name) + len(page)
}

// AnswerKept answers with a page that is kept; false where it is not.
func (k *Kit) AnswerKept(c echo.Context, kept *Kept, name string) (bool, error) {
	page := kept.get(name)
	if page == nil {
		return false, nil
	}
	return true, k.answerGzip(c, page)
}

// AnswerAndKeep answers with a finished page, and keeps it.
func (k *Kit) AnswerAndKeep(c echo.Context, kept *Kept, name string, html []byte) error {
	page := compressed(html)
	kept.put(name, page)
	return k.answerGzip(c, page)
}

// answerGzip answers with compressed HTML; who does not take it so gets it as it was.
func (k *Kit) answerGzip(c echo.Context, page []byte) error {
	header := c.Response().Header()
	header.Add(echo.HeaderVary, echo.HeaderAcceptEncoding)
	if !takesGzip(c.Request().Header) {
		html, err := gunzip(page)
		if err != nil {
			return err
		}
		return k.answer(c, http.StatusOK, html)
	}
	header.Set(echo.HeaderContentEncoding, "gzip")
	return k.answer(c, http.StatusOK, page)
}

// takesGzip says whether a client reads gzip (RFC 9110, 12.5.3).
func takesGzip(h http.Header) bool {
	for coding := range strings.SplitSeq(h.Get(echo.HeaderAcceptEncoding), ",") {
		name, weight, _ := strings.Cut(strings.TrimSpace(coding), ";")
		if name = strings.TrimSpace(name); !strings.EqualFold(name, "gzip") && name != "*" {
			continue
		}
		_, q, found := strings.Cut(weight, "=")
		value, err := strconv.ParseFloat(strings.TrimSpace(q), 64)
		return !found || err == nil && value > 0
	}
	return false
}

var gzipWriters = sync.Pool{New: func() any {
	w, _ := gzip.NewWriterLevel(nil, gzip.BestSpeed) // the level is one that there is
	return w
}}

func compressed(html []byte) []byte {
	var out bytes.Buffer
	w := gzipWriters.Get().(*gzip.Writer)
	defer gzipWriters.Put(w)
	w.Reset(&out)
	_, _ = w.Write(html) // into memory: it cannot fail
	w.Close()
	return bytes.Clone(out.Bytes()) // without the buffer's spare room
}

var gzipReaders = sync.Pool{New: func() any { return new(gzip.Reader) }}

func gunzip(page []byte) ([]byte, error) {
	r := gzipReaders.Get().(*gzip.Reader)
	defer gzipReaders.Put(r)
	if err := r.Reset(bytes.NewReader(page)); err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}
