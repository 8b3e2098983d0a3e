package static

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// Codings of an answer's body (RFC 9110, 8.4.1).
const (
	Brotli   = "br"
	Gzip     = "gzip"
	identity = "identity"
)

// Prefer returns the coding that a client wishes for most among those that there are, the first of them where
// it has no preference; "" where it takes none of them or would rather have the body as it is (RFC 9110,
// 12.5.3).
func Prefer(request http.Header, codings ...string) string {
	weights := weightsOf(strings.Join(request.Values("Accept-Encoding"), ","))
	best, most := "", 0.0
	for _, coding := range codings {
		weight, named := weights[coding]
		if !named {
			weight = weights["*"]
		}
		if weight > most {
			best, most = coding, weight
		}
	}
	if weights[identity] > most {
		return ""
	}
	return best
}

// weightsOf reads an Accept-Encoding header. What cannot be read weighs nothing.
func weightsOf(accept string) map[string]float64 {
	weights := map[string]float64{}
	for part := range strings.SplitSeq(accept, ",") {
		fields := strings.Split(part, ";")
		coding, weight := strings.ToLower(strings.TrimSpace(fields[0])), 1.0
		if i := slices.IndexFunc(fields[1:], isWeight); i >= 0 {
			_, q, _ := strings.Cut(fields[i+1], "=")
			weight, _ = strconv.ParseFloat(strings.TrimSpace(q), 64)
		}
		if coding != "" {
			weights[coding] = min(max(weight, 0), 1)
		}
	}
	return weights
}

func isWeight(parameter string) bool {
	name, _, _ := strings.Cut(parameter, "=")
	return strings.EqualFold(strings.TrimSpace(name), "q")
}
