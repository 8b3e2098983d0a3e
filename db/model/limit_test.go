package model

import (
	"math/rand/v2"
	"testing"
	"time"
)

// used is what happened at one time, to the nanosecond.
type used struct {
	at    time.Time
	count int
}

// inWindow is how much happened in the window that ends now.
func inWindow(all []used, per time.Duration, now time.Time) (sum int) {
	for _, u := range all {
		if u.at.After(now.Add(-per)) {
			sum += u.count
		}
	}
	return sum
}

// steps are the uses as they are counted: by step, without those that no window can hold any more.
func steps(all []used, per time.Duration, now time.Time) (list []Uses) {
	for _, u := range all {
		at := u.at.Truncate(LimitStep(per))
		switch {
		case !at.After(now.Add(-per - LimitStep(per))):
		case len(list) > 0 && list[len(list)-1].At.Equal(at):
			list[len(list)-1].Count += u.count
		default:
			list = append(list, Uses{at, u.count})
		}
	}
	return list
}

// Somebody tries at random times, for random amounts, and takes all that is allowed.
func TestH1_NoWindowEverHoldsMoreThanTheLimit(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	for range 400 {
		limit, per := random.IntN(20), []time.Duration{10 * time.Minute, 24 * time.Hour, time.Minute + 7}[random.IntN(3)]
		now := time.Unix(1_800_000_000, random.Int64N(1e9))
		var all []used
		for range 200 {
			now = now.Add(time.Duration(random.Int64N(int64(per) / int64(1+random.IntN(50)))))
			more := 1 + random.IntN(max(1, limit/(1+random.IntN(5))))
			wait := LimitWait(limit, more, per, steps(all, per, now), now)
			switch {
			case wait < 0 || wait > per+LimitStep(per):
				t.Fatalf("%d in %v: the wait is %v", limit, per, wait)
			case wait == 0:
				all = append(all, used{now, more})
			case random.IntN(3) == 0 && more <= limit: // who waits as long as told gets what was asked for, and no sooner
				if soon := now.Add(wait - 1); LimitWait(limit, more, per, steps(all, per, soon), soon) == 0 {
					t.Fatalf("%d in %v: %d may happen sooner than after %v", limit, per, more, wait)
				}
				if now = now.Add(wait); LimitWait(limit, more, per, steps(all, per, now), now) != 0 {
					t.Fatalf("%d in %v: %d must not happen after %v", limit, per, more, wait)
				}
				all = append(all, used{now, more})
			}
			if held := inWindow(all, per, now); held > limit {
				t.Fatalf("%d in %v: a window holds %d", limit, per, held)
			}
		}
	}
}

func TestH1_LimitWaitCountsAmounts(t *testing.T) {
	t.Parallel()
	const per, step = 24 * time.Hour, 24 * time.Minute
	now := time.Unix(1_800_000_000, 0)
	ago := func(d time.Duration, n int) Uses { return Uses{now.Add(-d), n} }
	for _, c := range []struct {
		name        string
		limit, more int
		uses        []Uses
		wait        time.Duration
	}{
		{"all at once", 50, 50, nil, 0},
		{"more than there will ever be", 50, 51, nil, per},
		{"more than there will ever be, after others", 50, 51, []Uses{ago(time.Hour, 1)}, per},
		{"what is left", 50, 20, []Uses{ago(time.Hour, 30)}, 0},
		{"more than is left", 50, 21, []Uses{ago(time.Hour, 30)}, 23*time.Hour + step},
		{"the first goes far enough", 50, 21, []Uses{ago(20*time.Hour, 5), ago(time.Hour, 25)}, 4*time.Hour + step},
		{"the first does not", 50, 26, []Uses{ago(20*time.Hour, 5), ago(time.Hour, 25)}, 23*time.Hour + step},
		{"what is gone already is no wait", 50, 50, []Uses{ago(per+2*step, 50)}, 0},
		{"what is gone already counts no more", 50, 30, []Uses{ago(per+step, 50), ago(time.Hour, 20)}, 0},
		{"a clock that was set back", 50, 1, []Uses{ago(-time.Hour, 50)}, 25*time.Hour + step},
	} {
		if got := LimitWait(c.limit, c.more, per, c.uses, now); got != c.wait {
			t.Errorf("%s: %v, not %v", c.name, got, c.wait)
		}
	}
}
