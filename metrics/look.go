package metrics

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// lookTimeout bounds what one look at the installation may take.
const lookTimeout = 5 * time.Second

// look reads how the installation is when somebody asks, and at no other time.
type look struct {
	Sources
	described []*prometheus.Desc

	version, readable                        *prometheus.Desc
	mail, oldestMail                         *prometheus.Desc
	jobRuns, jobFailures, limits             *prometheus.Desc
	database, log, files, stored, free       *prometheus.Desc
	replicaSet, replicaReadable, age, proven *prometheus.Desc
}

func newLook(from Sources) *look {
	l := &look{Sources: from}
	describe := func(name, help string, labels ...string) *prometheus.Desc {
		d := prometheus.NewDesc("deskbell_"+name, help, labels, nil)
		l.described = append(l.described, d)
		return d
	}
	l.version = describe("build_info", "1, with the version.", "version")
	l.readable = describe("database_readable", "1 when the database answered this look, else 0; what comes from it is missing then.")
	l.mail = describe("outbox_waiting", "Mails that have to go yet.")
	l.oldestMail = describe("outbox_oldest_seconds", "For how long the oldest of them has waited; 0 when none waits.")
	l.jobRuns = describe("job_runs_total", "How often a job ran.", "job")
	l.jobFailures = describe("job_failures_total", "How often a job failed.", "job")
	l.limits = describe("limits_hit_total", "How often a limit refused something.", "limit")
	l.database = describe("database_bytes", "Size of the database's file.")
	l.log = describe("database_wal_bytes", "Size of its write-ahead log.")
	l.files = describe("storage_files", "Attachments that are stored.")
	l.stored = describe("storage_bytes", "What they take, with uploads that wait for a ticket or a message.")
	l.free = describe("disk_free_bytes", "Room on the data folder's disk.")
	l.replicaSet = describe("replica_set", "1 when a replica is set, else 0.")
	l.replicaReadable = describe("replica_readable", "1 when the replica's age could be told, else 0.")
	l.age = describe("replica_age_seconds", "For how long the replica may lack what was written; missing until it had everything once.")
	l.proven = describe("restore_proven_timestamp_seconds", "When a restore was last tried and found whole; 0: never.")
	return l
}

// Describe is for the registry.
func (l *look) Describe(to chan<- *prometheus.Desc) {
	for _, d := range l.described {
		to <- d
	}
}

// Collect looks.
func (l *look) Collect(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), lookTimeout)
	defer cancel()
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	gauge(l.version, 1, l.Version)
	l.collectVitals(ctx, to, gauge)
	for _, job := range l.Jobs() {
		to <- prometheus.MustNewConstMetric(l.jobRuns, prometheus.CounterValue, float64(job.Runs), job.Job)
		to <- prometheus.MustNewConstMetric(l.jobFailures, prometheus.CounterValue, float64(job.Failures), job.Job)
	}
	if free, err := l.Free(l.DataDir); err == nil {
		gauge(l.free, float64(free))
	}
	replica := l.Replica(ctx)
	gauge(l.replicaSet, bit(replica.Set))
	if replica.Set {
		gauge(l.replicaReadable, bit(replica.Problem == ""))
	}
	if !replica.SyncedAt.IsZero() {
		gauge(l.age, time.Since(replica.SyncedAt).Seconds())
	}
}

func (l *look) collectVitals(ctx context.Context, to chan<- prometheus.Metric, gauge func(*prometheus.Desc, float64, ...string)) {
	v, err := l.Vitals(ctx)
	gauge(l.readable, bit(err == nil))
	if err != nil {
		return
	}
	gauge(l.mail, float64(v.MailWaiting))
	gauge(l.oldestMail, v.OldestWait.Seconds())
	gauge(l.files, float64(v.StoredFiles))
	gauge(l.stored, float64(v.StoredBytes))
	gauge(l.database, float64(v.WrittenBytes))
	gauge(l.log, float64(v.LogBytes))
	gauge(l.proven, unix(v.ProvenAt))
	for limit, n := range v.LimitsHit {
		to <- prometheus.MustNewConstMetric(l.limits, prometheus.CounterValue, float64(n), limit)
	}
}

func bit(is bool) float64 {
	if is {
		return 1
	}
	return 0
}

// unix is 0 for no time at all.
func unix(t time.Time) float64 {
	if t.IsZero() {
		return 0
	}
	return float64(t.UnixMilli()) / 1000
}
