package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"

	"deskbell/db"
	"deskbell/db/model"
	"deskbell/handlers"
	"deskbell/handlers/web"
	"deskbell/jobs"
	"deskbell/metrics"
)

// operations is what DESKBELL_OPS_ADDR opens (O5); nil where it is not set.
type operations struct {
	metrics  *metrics.Metrics
	listener net.Listener
	server   *http.Server
}

// openOperations listens on the operations address. Nothing is counted without one.
func openOperations(c Config, data *db.DB, history *jobs.History, log *slog.Logger) (*operations, error) {
	if c.OpsAddr == "" {
		return nil, nil
	}
	o := &operations{metrics: metrics.New(metrics.Sources{
		Version: version, DataDir: c.Data, Vitals: data.Vitals, Jobs: history.Counts, Free: web.FreeBytes,
		Replica: func(ctx context.Context) model.Replica { return replicaState(ctx, c) },
	})}
	var err error
	if o.listener, err = net.Listen("tcp", c.OpsAddr); err != nil {
		return nil, fmt.Errorf("DESKBELL_OPS_ADDR: %w", err)
	}
	o.server = o.metrics.Server(o.listener.Addr(), log)
	log.Info("metrics", "address", o.listener.Addr().String())
	if !metrics.IsLoopback(o.listener.Addr()) {
		log.Warn("the operations address is reached from other machines: let your monitoring alone get there. It has no profiles, which are for a loopback address")
	}
	go func() {
		if err := o.server.Serve(o.listener); !errors.Is(err, http.ErrServerClosed) {
			log.Error("the operations address has ended", "error", err)
		}
	}()
	return o, nil
}

// observe is what counts requests, nil where nobody does.
func (o *operations) observe() func(handlers.Answered) {
	if o == nil {
		return nil
	}
	return func(a handlers.Answered) { o.metrics.Observe(a.Method, a.Route, a.Status, a.Took) }
}

// close ends whatever is asked there: nobody's work hangs on it.
func (o *operations) close() error {
	if o == nil {
		return nil
	}
	return o.server.Close()
}
