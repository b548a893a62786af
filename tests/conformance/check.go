// Command check reads an export with Go's golang.org/x/mod/sumdb packages and nothing of this
// project: whether the log's key signed the checkpoints, and whether tiles, leaves, receipts and
// consistency proofs lead to their roots.
//
//	check VERIFIER-KEY EXPORT RECEIPTS CHECKPOINTS
//
// EXPORT is a folder as `breakglass audit export` leaves it, RECEIPTS has one tlog-proof a file,
// CHECKPOINTS earlier checkpoints of the same log, cosigned ones among them. It prints what it
// counted, and ends with 1 at the first thing that is wrong.
package main

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8

func check(what string, err error) {
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", what, err)
		os.Exit(1)
	}
}

func read(parts ...string) []byte {
	path := filepath.Join(parts...)
	data, err := os.ReadFile(path)
	check(path, err)
	return data
}

// open returns the tree of a checkpoint that the key has signed, and how many lines are others'.
func open(what string, data []byte, verifier note.Verifier) (tlog.Tree, int) {
	opened, err := note.Open(data, note.VerifierList(verifier))
	check(what, err)
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != verifier.Name() {
		check(what, fmt.Errorf("not three lines that begin with the log's name"))
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	check(what, err)
	root, err := tlog.ParseHash(lines[2])
	check(what, err)
	return tlog.Tree{N: size, Hash: root}, len(opened.UnverifiedSigs)
}

// numbered is C2SP's way to write a tile's number, which is Go's own.
func numbered(n int64, width int) string {
	tile := tlog.Tile{H: height, L: 0, N: n, W: width}
	return strings.TrimPrefix(tile.Path(), "tile/8/0/")
}

// files reads hash tiles: Go names them tile/<height>/..., C2SP leaves the height away.
type files struct{ folder string }

func (f files) Height() int                     { return height }
func (f files) SaveTiles([]tlog.Tile, [][]byte) {}
func (f files) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	found := make([][]byte, len(tiles))
	for i, tile := range tiles {
		path := "tile/" + strings.TrimPrefix(tile.Path(), "tile/8/")
		data, err := os.ReadFile(filepath.Join(f.folder, path))
		if err != nil {
			return nil, err
		}
		found[i] = data
	}
	return found, nil
}

// leaves reads all entry bundles.
func leaves(folder string, size int64) [][]byte {
	var found [][]byte
	for n := int64(0); n*256 < size; n++ {
		width := 256
		if size-n*256 < 256 {
			width = int(size - n*256)
		}
		data := read(folder, "tile/entries", numbered(n, width))
		for len(data) >= 2 {
			length := int(binary.BigEndian.Uint16(data))
			if len(data) < 2+length {
				break
			}
			found = append(found, data[2:2+length])
			data = data[2+length:]
		}
		if len(data) != 0 {
			check("entry bundle", fmt.Errorf("bundle %d ends in the middle of an entry", n))
		}
	}
	if int64(len(found)) != size {
		check("entry bundles", fmt.Errorf("%d leaves instead of %d", len(found), size))
	}
	return found
}

// receipt checks a tlog-proof of one leaf.
func receipt(what string, data []byte, verifier note.Verifier, all [][]byte) {
	at := strings.Index(string(data), "\n\n")
	if at < 0 {
		check(what, fmt.Errorf("no blank line"))
	}
	lines := strings.Split(string(data[:at]), "\n")
	if len(lines) < 2 || lines[0] != "c2sp.org/tlog-proof@v1" {
		check(what, fmt.Errorf("not a tlog-proof"))
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[1], "index "), 10, 64)
	check(what, err)
	var proof tlog.RecordProof
	for _, line := range lines[2:] {
		hash, err := tlog.ParseHash(line)
		check(what, err)
		proof = append(proof, hash)
	}
	tree, _ := open(what, data[at+2:], verifier)
	if index < 0 || index >= int64(len(all)) {
		check(what, fmt.Errorf("leaf %d is not in the export", index))
	}
	check(what, tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(all[index])))
}

// earlier is a checkpoint with the proof that the export continues it.
type earlier struct {
	Checkpoint  string   `json:"checkpoint"`
	Consistency []string `json:"consistency"`
}

func names(folder string) []string {
	entries, err := os.ReadDir(folder)
	check(folder, err)
	var found []string
	for _, entry := range entries {
		found = append(found, entry.Name())
	}
	return found
}

func main() {
	if len(os.Args) != 5 {
		check("usage", fmt.Errorf("check VERIFIER-KEY EXPORT RECEIPTS CHECKPOINTS"))
	}
	export, receipts, checkpoints := os.Args[2], os.Args[3], os.Args[4]
	verifier, err := note.NewVerifier(os.Args[1])
	check("verifier key", err)
	tree, _ := open("checkpoint", read(export, "checkpoint"), verifier)

	reader := tlog.TileHashReader(tree, files{export})
	root, err := tlog.TreeHash(tree.N, reader)
	check("tiles", err)
	if root != tree.Hash {
		check("tiles", fmt.Errorf("they lead to another root than the checkpoint's"))
	}

	all := leaves(export, tree.N)
	for index, leaf := range all {
		proof, err := tlog.ProveRecord(tree.N, int64(index), reader)
		check(fmt.Sprintf("leaf %d", index), err)
		err = tlog.CheckRecord(proof, tree.N, tree.Hash, int64(index), tlog.RecordHash(leaf))
		check(fmt.Sprintf("leaf %d", index), err)
	}

	kept := names(receipts)
	for _, name := range kept {
		receipt(name, read(receipts, name), verifier, all)
	}

	before, foreign := names(checkpoints), 0
	for _, name := range before {
		var one earlier
		check(name, json.Unmarshal(read(checkpoints, name), &one))
		old, others := open(name, []byte(one.Checkpoint), verifier)
		foreign += others
		var proof tlog.TreeProof
		for _, text := range one.Consistency {
			hash, err := tlog.ParseHash(text)
			check(name, err)
			proof = append(proof, hash)
		}
		check(name, tlog.CheckTree(proof, tree.N, tree.Hash, old.N, old.Hash))
	}
	fmt.Printf("%d leaves, %d receipts, %d earlier checkpoints, %d lines of others\n",
		len(all), len(kept), len(before), foreign)
}
