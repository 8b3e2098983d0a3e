package web

import (
	"net/netip"

	"github.com/labstack/echo/v4"
)

// Client returns the key by which a client's use is limited: the address of its connection, or of
// the header that a trusted proxy set (H3). IPv6 counts by /64.
func Client(c echo.Context) string {
	addr, err := netip.ParseAddr(c.RealIP())
	if err != nil {
		return c.RealIP()
	}
	addr = addr.Unmap()
	if addr.Is6() {
		prefix, _ := addr.WithZone("").Prefix(64) // 64 bits fit every IPv6 address
		return prefix.String()
	}
	return addr.String()
}
