package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"deskbell/db"
	"deskbell/db/model"
	"deskbell/db/seed"
	"deskbell/handlers/web"
	"deskbell/views"
)

// load is what many clients upload at once: the same bytes each.
type load struct {
	name    string
	content []byte
}

// uploadSample is what one round of uploads gave.
type uploadSample struct {
	took  time.Duration // until the last answer
	rate  float64       // bytes a second
	plain float64       // bytes a second of plain copies, right after
	over  int64         // bytes of memory at the most, over what the idle server held
}

// measureUploads has many clients upload a file each at once: random bytes, and photos. Each round has
// a fresh server, in a process of its own.
func measureUploads(ctx context.Context, c config, out io.Writer) error {
	dir, err := os.MkdirTemp(c.dir, "bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	project, err := fillForUploads(ctx, dir)
	if err != nil {
		return err
	}
	photo, err := makePhoto()
	if err != nil {
		return err
	}
	loads := []load{{"files", makeNoise(c.uploadMB * model.MB)}, {"photos", photo}}
	samples := map[string][]uploadSample{}
	for range c.rounds {
		for _, l := range loads {
			s, err := uploadRound(ctx, dir, project, l.content, c.uploads)
			if err != nil {
				return fmt.Errorf("uploads of %s: %w", l.name, err)
			}
			samples[l.name] = append(samples[l.name], s)
		}
	}
	printUploads(out, c, loads, samples)
	return nil
}

func makeNoise(bytes int) []byte {
	noise := make([]byte, bytes)
	for i := range noise {
		noise[i] = byte(rand.Uint32())
	}
	return noise
}

// fillForUploads makes a small database, in this process: what that takes shall not be the server's.
func fillForUploads(ctx context.Context, dir string) (project string, err error) {
	data, err := db.Open(ctx, filepath.Join(dir, "deskbell.db"), nil)
	if err != nil {
		return "", err
	}
	crowd, err := seed.Many(ctx, data, 100, views.Markdown, web.HashPassword)
	return crowd.Project.PublicID, errors.Join(err, data.Close())
}

// makePhoto is a JPEG of 12 megapixels that is as large as one from a telephone.
func makePhoto() ([]byte, error) {
	img := image.NewYCbCr(image.Rect(0, 0, 4000, 3000), image.YCbCrSubsampleRatio420)
	for i := range img.Y {
		img.Y[i] = byte(i%4000/20) + byte(rand.Uint32()%24)
	}
	for i := range img.Cb {
		img.Cb[i], img.Cr[i] = byte(i/12000), byte(i%2000/8)
	}
	var out bytes.Buffer
	err := jpeg.Encode(&out, img, &jpeg.Options{Quality: 85})
	return out.Bytes(), err
}

// uploadRound starts a server, lets all clients upload, and takes the plain copies.
func uploadRound(ctx context.Context, dir, project string, content []byte, clients int) (s uploadSample, err error) {
	server, err := startChild(ctx, dir)
	if err != nil {
		return s, err
	}
	defer func() { err = errors.Join(err, server.close()) }()
	if s.took, s.over, err = uploadAtOnce(server, project, content, clients); err != nil {
		return s, err
	}
	all := float64(len(content)) * float64(clients)
	s.rate = all / s.took.Seconds()
	took, err := together(clients, func(i int) error { return plainCopy(filepath.Join(dir, fmt.Sprint("copy", i)), content) })
	s.plain = all / took.Seconds()
	return s, err
}

// uploadAtOnce returns how long all the uploads took, and how much memory the server held over what it
// held when all forms were open.
func uploadAtOnce(server *child, project string, content []byte, clients int) (took time.Duration, over int64, err error) {
	uploads := make([]*upload, clients)
	for i := range uploads {
		if uploads[i], err = prepareUpload(server.address, project, content); err != nil {
			return 0, 0, err
		}
		defer uploads[i].conn.Close()
	}
	idle, err := server.memory("VmRSS")
	if err == nil {
		err = server.forgetPeak()
	}
	if err != nil {
		return 0, 0, err
	}
	if took, err = together(clients, func(i int) error { return uploads[i].send() }); err != nil {
		return 0, 0, err
	}
	peak, err := server.memory("VmHWM")
	return took, peak - idle, err
}

// together does something many times at once, and returns how long all of it took.
func together(n int, do func(int) error) (time.Duration, error) {
	errs := make([]error, n)
	var wait sync.WaitGroup
	began := time.Now()
	for i := range n {
		wait.Go(func() { errs[i] = do(i) })
	}
	wait.Wait()
	return time.Since(began), errors.Join(errs...)
}

// plainCopy is the reference: the same bytes into a file, on disk when it returns.
func plainCopy(path string, content []byte) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	_, err = io.Copy(file, bytes.NewReader(content))
	return errors.Join(err, file.Sync(), file.Close(), os.Remove(path))
}

// printUploads prints the medians of the rounds, and their highest memory.
func printUploads(out io.Writer, c config, loads []load, samples map[string][]uploadSample) {
	fmt.Fprintf(out, "\n%d clients upload a file each at once\n\n", c.uploads)
	rows := [][]string{{"uploads", "each", "all s", "MB a second", "plain copy", "MB over idle", "ratio"}}
	for _, l := range loads {
		rounds := samples[l.name]
		over := slices.MaxFunc(rounds, func(a, b uploadSample) int { return cmp.Compare(a.over, b.over) }).over
		figure := func(format string, of func(uploadSample) float64) string {
			return fmt.Sprintf(format, median(rounds, of))
		}
		rows = append(rows, []string{l.name, model.HumanSize(int64(len(l.content))),
			figure("%.2f", func(s uploadSample) float64 { return s.took.Seconds() }),
			figure("%.1f", func(s uploadSample) float64 { return s.rate / model.MB }),
			figure("%.1f", func(s uploadSample) float64 { return s.plain / model.MB }),
			fmt.Sprintf("%.1f", float64(over)/model.MB),
			figure("%.2f", func(s uploadSample) float64 { return s.rate / s.plain })})
	}
	printRows(out, rows)
}
