package jobs

import (
	"maps"
	"slices"
	"sync"
	"time"

	"deskbell/db/model"
)

// History remembers when the jobs ran, and which of them fail. It lasts as long as the process.
type History struct {
	mu             sync.Mutex
	stepped, swept time.Time
	failing        map[string]time.Time // job → since when
	counts         map[string]model.JobCount
}

// Runs says how the jobs are.
func (h *History) Runs() model.JobRuns {
	h.mu.Lock()
	defer h.mu.Unlock()
	runs := model.JobRuns{Stepped: h.stepped, Swept: h.swept}
	for job, since := range h.failing {
		runs.Failing = append(runs.Failing, model.FailingJob{Job: job, Since: since})
	}
	return runs
}

// ran notes how a job ended.
func (h *History) ran(job string, at time.Time, failed bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.count(job, failed)
	if !failed {
		delete(h.failing, job)
		return
	}
	if h.failing == nil {
		h.failing = map[string]time.Time{}
	}
	if h.failing[job].IsZero() {
		h.failing[job] = at
	}
}

func (h *History) count(job string, failed bool) {
	if h.counts == nil {
		h.counts = map[string]model.JobCount{}
	}
	n := h.counts[job]
	n.Job = job
	n.Runs++
	if failed {
		n.Failures++
	}
	h.counts[job] = n
}

// Counts says how often each job ran, and failed. A job that works in small batches counts each.
func (h *History) Counts() []model.JobCount {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Collect(maps.Values(h.counts))
}

func (h *History) hasStepped(at time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.stepped = at
}

func (h *History) hasSwept(at time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.swept = at
}
