// Runs a life cycle of one of the releases of the Atlas Go SDK, and prints a line of JSON for each of its steps.
package main

import (
	"context"
	"log"
	"net/http"
	"os"
)

// Where the programs find the API. The SDK reads no variable by itself.
var (
	baseURL      = os.Getenv("MONGODB_ATLAS_BASE_URL")
	clientID     = os.Getenv("MONGODB_ATLAS_CLIENT_ID")
	clientSecret = os.Getenv("MONGODB_ATLAS_CLIENT_SECRET")
	publicKey    = os.Getenv("MONGODB_ATLAS_PUBLIC_KEY")
	privateKey   = os.Getenv("MONGODB_ATLAS_PRIVATE_KEY")
	orgID        = os.Getenv("MONGODB_ATLAS_ORG_ID")
)

// The releases by the date in their path, and how they authenticate.
var programs = map[string]func(context.Context, *record, string){
	"v20231115014": runV20231115014,
	"v20250312001": runV20250312001,
	"v20250312007": runV20250312007,
}

func must[T any](value T, err error) T {
	if err != nil {
		log.Fatalf("Error: %v", err)
	}
	return value
}

func ptr[T any](value T) *T { return &value }

func main() {
	if len(os.Args) != 3 || programs[os.Args[1]] == nil {
		log.Fatal("usage: go-sdk RELEASE service-account|api-key")
	}
	steps := &record{bodies: &bodies{base: http.DefaultTransport}}
	// All clients of the SDK, for tokens too, send through the default transport.
	http.DefaultTransport = steps.bodies
	programs[os.Args[1]](context.Background(), steps, os.Args[2])
}
