package db

import (
	"testing"

	"deskbell/db/model"
)

// Words that never meet are looked for in all texts: what was found until then is shown, and said not to be all.
func TestM2_ASearchWhoseTimeIsOverGivesWhatItFound(t *testing.T) {
	t.Parallel()
	db := open(t)
	const endless = `
		with recursive numbers (n) as (select 1 union all select n + 1 from numbers)
		select n, 0 from numbers where n = 1 and ? <> '' limit ?`
	found := foundTexts{entries: map[model.TicketID]model.MessageID{}}
	hits, err := found.newest(db.reader(t.Context()), 1, []string{"word"}, "message_words", endless)
	if err != nil || len(hits) != 1 || hits[0].ticket != 1 {
		t.Errorf("it found %v, %v; want the one before its time was over", hits, err)
	}
	if !found.bounded {
		t.Error("it says that this is all")
	}
}
