// Package metrics counts requests and tells, on an address of its own, how the installation is: in the form
// that Prometheus reads. Labels are routes, classes and names out of this program's text; nothing that a
// client sends becomes one, and nothing of a workspace stands here.
package metrics

import (
	"context"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"deskbell/db/model"
)

// Sources are what is asked when somebody looks.
type Sources struct {
	Version string
	DataDir string // whose disk is looked at
	Vitals  func(context.Context) (model.Vitals, error)
	Jobs    func() []model.JobCount
	Replica func(context.Context) model.Replica
	Free    func(folder string) (int64, error) // room on a folder's disk, in bytes
}

// Metrics are those of one process.
type Metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
}

// buckets of how long answers take, in seconds: from a poll to what a timeout ends.
var buckets = []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10, 60}

// New returns metrics that have counted nothing yet.
func New(from Sources) *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "deskbell_requests_total", Help: "Requests that were answered, by route and class of status.",
		}, []string{"method", "route", "class"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "deskbell_request_seconds", Help: "How long answers took, by route.", Buckets: buckets,
		}, []string{"method", "route"}),
	}
	m.registry.MustRegister(m.requests, m.seconds, newLook(from), collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Observe counts an answer.
func (m *Metrics) Observe(method, route string, status int, took time.Duration) {
	m.requests.WithLabelValues(method, route, class(status)).Inc()
	m.seconds.WithLabelValues(method, route).Observe(took.Seconds())
}

// class is 2xx and so on. What a limit refused has a class of its own: it is no mistake of anybody's.
func class(status int) string {
	if status == 429 {
		return "429"
	}
	return strconv.Itoa(status/100) + "xx"
}
