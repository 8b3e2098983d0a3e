package web

import (
	"container/list"
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
