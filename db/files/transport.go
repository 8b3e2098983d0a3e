package files

import (
	"context"
	"net"
	"net/http"
	"time"

	"github.com/minio/minio-go/v7"
)

// newTransport makes connections that fail when nothing moves on them for the given time. A
// transfer that moves may take as long as it needs: a large file over a slow line is no failure.
func newTransport(secure bool, patience time.Duration) (*http.Transport, error) {
	transport, err := minio.DefaultTransport(secure)
	if err != nil {
		return nil, err
	}
	dialer := &net.Dialer{Timeout: patience / 2}
	transport.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dialer.DialContext(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return movingConn{conn, patience}, nil
	}
	transport.TLSHandshakeTimeout = patience / 2
	transport.ResponseHeaderTimeout = patience
	transport.IdleConnTimeout = patience
	return transport, nil
}

// movingConn puts its deadline off with each read and write. Both put off both: the transport
// reads, waiting for the answer, all the while that it writes a long request.
type movingConn struct {
	net.Conn
	patience time.Duration
}

func (c movingConn) Read(p []byte) (int, error) {
	if err := c.SetDeadline(time.Now().Add(c.patience)); err != nil {
		return 0, err
	}
	return c.Conn.Read(p)
}

func (c movingConn) Write(p []byte) (int, error) {
	if err := c.SetDeadline(time.Now().Add(c.patience)); err != nil {
		return 0, err
	}
	return c.Conn.Write(p)
}
