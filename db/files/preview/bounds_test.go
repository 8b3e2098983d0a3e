package preview

import (
	"bytes"
	"compress/zlib"
	"context"
	"errors"
	"image"
	"io"
	"math/rand/v2"
	"runtime"
	"testing"
	"testing/synctest"
	"time"
)

// flatPNG makes a PNG of zeros, with as many bytes a pixel as its kind has.
func flatPNG(t testing.TB, width, height int, depth, kind, interlaced byte, bytesPerPixel int) []byte {
	t.Helper()
	var data bytes.Buffer
	z := zlib.NewWriter(&data)
	passes := []struct{ x, y, right, down int }{{0, 0, 1, 1}}
	if interlaced != 0 {
		passes = []struct{ x, y, right, down int }{{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}}
	}
	for _, p := range passes {
		row := make([]byte, 1+(width-p.x+p.right-1)/p.right*bytesPerPixel)
		for y := p.y; y < height; y += p.down {
			if _, err := z.Write(row); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return append(append(pngHeader(width, height, depth, kind, interlaced), chunk("IDAT", data.Bytes())...), chunk("IEND", nil)...)
}

// flatJPEG makes a JPEG in which every code is one zero bit: a coefficient, or the end of a block.
func flatJPEG(marker byte, width, height int, samplings ...byte) []byte {
	table := func(kind byte) []byte { return segment(huffmanTables, append([]byte{kind, 1}, make([]byte, 16)...)) }
	scan := []byte{byte(len(samplings))}
	for i := range samplings {
		scan = append(scan, byte(i+1), 0)
	}
	end := byte(63)
	if marker == startOfFrame2 {
		end = 0 // the first coefficients alone
	}
	quant := append([]byte{0}, bytes.Repeat([]byte{1}, 64)...)
	return bytes.Join([][]byte{{0xff, 0xd8}, segment(quantTables, quant), table(0), table(0x10),
		frame(marker, width, height, samplings...), segment(0xda, append(scan, 0, end, 0)),
		make([]byte, len(samplings)*(width/8+4)*(height/8+4)/4), {0xff, 0xd9}}, nil)
}

// allocated says how many bytes a call takes from the heap in all, however soon it gives them back.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// Not parallel: what other tests allocate would count. The progressive 4:4:4 one is as large as
// may be; the others show the same with less.
func TestG7_DecodingHoldsNoMoreThanItsHeaderTells(t *testing.T) {
	gray, rgb, cmyk := []byte{0x11}, []byte{0x11, 0x11, 0x11}, []byte{0x11, 0x11, 0x11, 0x11}
	named := flatJPEG(0xc0, 1_600, 1_200, rgb...) // by their names its components are red, green and blue
	for i, letter := range []byte("RGB") {
		named[bytes.Index(named, []byte{0xff, 0xc0})+10+3*i] = letter
		named[bytes.Index(named, []byte{0xff, 0xda})+5+2*i] = letter
	}
	for name, file := range map[string][]byte{
		"a photo":                  flatJPEG(0xc0, 1_600, 1_200, 0x22, 0x11, 0x11),
		"a 4:1:1 JPEG":             flatJPEG(0xc0, 1_600, 1_200, 0x41, 0x11, 0x11),
		"a gray JPEG":              flatJPEG(0xc0, 1_600, 1_200, gray...),
		"a progressive photo":      flatJPEG(0xc2, 1_600, 1_200, 0x22, 0x11, 0x11),
		"a progressive 4:4:4 JPEG": flatJPEG(0xc2, 3_700, 3_700, rgb...),
		"a progressive gray JPEG":  flatJPEG(0xc2, 1_600, 1_200, gray...),
		"an RGB JPEG":              named,
		"a CMYK JPEG":              insert(flatJPEG(0xc0, 1_600, 1_200, cmyk...), 2, segment(0xee, []byte("Adobe\x00\x64\x00\x00\x00\x00\x00"))),
		"a PNG":                    flatPNG(t, 1_600, 1_200, 8, 6, 0, 4),
		"a PNG of 16 bits":         flatPNG(t, 1_600, 1_200, 16, 6, 0, 8),
		"an interlaced PNG":        flatPNG(t, 1_600, 1_200, 8, 6, 1, 4),
		"a lossless WebP":          losslessWebP(1_600, 1_200, flat),
	} {
		head, err := inspect(bytes.NewReader(file), int64(len(file)))
		if err != nil || head.bounded() != nil {
			t.Fatalf("%s: %v, %v", name, err, head.bounded())
		}
		var took time.Duration
		var picture image.Image
		holds := allocated(func() {
			began := time.Now()
			picture, err = decode(&until{ctx: t.Context(), ReadSeeker: bytes.NewReader(file)}, head)
			took = time.Since(began)
		})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		began := time.Now()
		also := allocated(func() { shrink(picture, image.Pt(box, box)) })
		t.Logf("%-25s %5.1f MP: told %3d MB, took %3d MB, %v; shrinking took %2d MB, %v", name, float64(head.width*head.height)/1e6,
			head.memory()>>20, holds>>20, took.Round(time.Millisecond), also>>20, time.Since(began).Round(time.Millisecond))
		if most := uint64(head.memory()) + 1<<20; holds > most {
			t.Errorf("%s: decoding took %d bytes, and not %d at most", name, holds, most)
		}
		if also > 128<<20 { // nearly all of it is garbage at once, where a kind has no quick path
			t.Errorf("%s: shrinking took %d bytes", name, also)
		}
	}
}

// Not parallel, for the same reason.
func TestG7_ALosslessWebPAsksForNoMoreTablesThanReckoned(t *testing.T) {
	file := losslessWebP(208, 200, manyTables(2_600))
	var picture image.Image
	took := allocated(func() {
		var err error
		picture, err = decodeWebP(bytes.NewReader(file))
		if !errors.Is(err, io.ErrUnexpectedEOF) { // behind all tables
			t.Errorf("got %v, %v", picture, err)
		}
	})
	t.Logf("%d KB ask for %d MB", len(file)>>10, took>>20)
	if took < losslessTables || took > losslessTables*3/2 { // a third is needed but while they are built
		t.Errorf("it took %d bytes", took)
	}
	many := losslessWebP(400, 400, manyTables(10_000)) // as many as tiles
	if took := allocated(func() { refused(t, "10,000 tables", many) }); took > 1<<20 {
		t.Errorf("it took %d bytes to see that", took)
	}
}

// script is a file that does something at each read.
type script struct {
	*bytes.Reader
	reads int
	do    func(reads int)
}

func (s *script) Read(p []byte) (int, error) {
	s.reads++
	s.do(s.reads)
	return s.Reader.Read(p)
}

func noisePNG(t testing.TB) []byte {
	t.Helper()
	noise := image.NewRGBA(image.Rect(0, 0, 300, 300))
	if _, err := rand.NewChaCha8([32]byte{2}).Read(noise.Pix); err != nil {
		t.Fatal(err)
	}
	return asPNG(t, noise)
}

func TestG7_DecodingEndsWithItsContext(t *testing.T) {
	file := noisePNG(t)
	ctx, cancel := context.WithCancel(t.Context())
	s := &script{Reader: bytes.NewReader(file), do: func(reads int) {
		if reads == 20 {
			cancel()
		}
	}}
	if _, err := Make(ctx, s, int64(len(file))); !errors.Is(err, context.Canceled) || s.reads != 20 {
		t.Errorf("after %d reads: %v", s.reads, err)
	}
}

func TestG7_DecodingEndsAfterATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		file := noisePNG(t)
		s := &script{Reader: bytes.NewReader(file), do: func(int) { time.Sleep(time.Second) }}
		began := time.Now()
		if _, err := Make(t.Context(), s, int64(len(file))); !errors.Is(err, ErrNoPreview) {
			t.Errorf("got %v", err)
		}
		if took := time.Since(began); took < decodeTime || took > decodeTime+5*time.Second {
			t.Errorf("it took %v", took)
		}
	})
}

func TestG7_OneFileIsDecodedAtATime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		slot := make(chan struct{}, 1)
		done, err := turn(t.Context(), slot)
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		if _, err := turn(t.Context(), slot); err == nil || time.Since(began) != waitTime {
			t.Errorf("the second waited for %v and got %v", time.Since(began), err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := turn(ctx, slot); !errors.Is(err, context.DeadlineExceeded) || time.Since(began) != waitTime+time.Second {
			t.Errorf("the third waited until %v and got %v", time.Since(began), err)
		}
		done()
		if _, err := turn(t.Context(), slot); err != nil {
			t.Error(err)
		}
	})
}

func TestG7_TheTurnIsGivenBackWhateverHappens(t *testing.T) {
	broken := &script{Reader: bytes.NewReader(noisePNG(t)), do: func(reads int) {
		if reads == 9 {
			panic("a decoder's mistake")
		}
	}}
	if _, err := Make(t.Context(), broken, 1_000); !errors.Is(err, ErrNoPreview) {
		t.Errorf("got %v", err)
	}
	if len(decoding) != 0 {
		t.Error("nobody else can decode")
	}
}

// BenchmarkMake makes the preview of a photo of twelve megapixels, with as much detail as one has.
func BenchmarkMake(b *testing.B) {
	photo := image.NewRGBA(image.Rect(0, 0, 4_000, 3_000))
	random := rand.New(rand.NewPCG(1, 2))
	for i := range photo.Pix {
		x, y := i/4%4_000, i/16_000
		photo.Pix[i] = byte(x/16 + y/20 + random.IntN(24))
	}
	file := asJPEG(b, photo)
	b.SetBytes(int64(len(file)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Make(b.Context(), bytes.NewReader(file), int64(len(file))); err != nil {
			b.Fatal(err)
		}
	}
}
