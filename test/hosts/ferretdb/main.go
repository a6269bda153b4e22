// A server for the tests of connections: FerretDB with databases in a folder, one user, and certificates given by flags.
// It prints its two addresses as one line of JSON, and ends when its standard input does.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"io"
	"log"
	"log/slog"
	"os"
	"time"

	"github.com/FerretDB/FerretDB/internal/clientconn"
	"github.com/FerretDB/FerretDB/internal/clientconn/connmetrics"
	"github.com/FerretDB/FerretDB/internal/handler/registry"
	"github.com/FerretDB/FerretDB/internal/util/password"
	"github.com/FerretDB/FerretDB/internal/util/state"
)

// The password comes by the environment, as command lines are open to everybody on the machine.
var (
	username = flag.String("username", "app", "name of the user")
	folder   = flag.String("folder", "", "folder of the databases")
	cert     = flag.String("cert", "", "file of the certificate")
	key      = flag.String("key", "", "file of its key")
	member   = flag.String("member", "", "host and port that it names as the one member of its replica set")
)

func must[T any](value T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return value
}

func main() {
	flag.Parse()
	ctx, stop := context.WithCancel(context.Background())
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		stop()
	}()

	// Nothing reports to anybody: only FerretDB's own command has a reporter.
	provider := must(state.NewProvider(""))
	logger := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError}))
	metrics := connmetrics.NewListenerMetrics()
	handler, closeBackend, err := registry.NewHandler("sqlite", &registry.NewHandlerOpts{
		Logger:        logger,
		ConnMetrics:   metrics.ConnMetrics,
		StateProvider: provider,
		ReplSetName:   "atlas-test-shard-0",
		TCPHost:       *member,
		SQLiteURL:     "file:" + *folder + "/",
		SetupDatabase: "admin",
		SetupUsername: *username,
		SetupPassword: password.WrapPassword(os.Getenv("FERRETDB_PASSWORD")),
		SetupTimeout:  30 * time.Second,
		TestOpts: registry.TestOpts{
			EnableNewAuth:           true,
			CappedCleanupPercentage: 10,
			BatchSize:               100,
			MaxBsonObjectSizeBytes:  16 << 20,
		},
	})
	must(handler, err)
	defer closeBackend()

	listener := must(clientconn.Listen(&clientconn.NewListenerOpts{
		TCP:         "127.0.0.1:0",
		TLS:         "127.0.0.1:0",
		TLSCertFile: *cert,
		TLSKeyFile:  *key,
		Mode:        clientconn.NormalMode,
		Metrics:     metrics,
		Handler:     handler,
		Logger:      logger,
	}))
	line := map[string]string{"tcp": listener.TCPAddr().String(), "tls": listener.TLSAddr().String()}
	must(0, json.NewEncoder(os.Stdout).Encode(line))
	listener.Run(ctx)
}
