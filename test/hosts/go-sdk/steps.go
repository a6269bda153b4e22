package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"log"
	"net/http"
	"os"
	"reflect"
	"time"
)

// bodies sends requests, and keeps the body of the latest response.
type bodies struct {
	base   http.RoundTripper
	latest []byte
}

func (b *bodies) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := b.base.RoundTrip(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if b.latest, err = io.ReadAll(response.Body); err != nil {
		return nil, err
	}
	response.Body = io.NopCloser(bytes.NewReader(b.latest))
	return response, nil
}

// apiError is what the SDK makes of an error's body.
type apiError interface {
	GetErrorCode() string
	GetDetail() string
}

// record prints what came of each step.
type record struct {
	bodies *bodies
	// The two functions of the release that decode an error.
	asError     func(error) (apiError, bool)
	isErrorCode func(error, string) bool
}

type line struct {
	Step   string `json:"step"`
	Status int    `json:"status"`
	// The answer as the SDK's type writes it.
	Answer any `json:"answer,omitempty"`
	// What that type has no place for, and what it requires and did not get.
	Unlike     []string `json:"unlike,omitempty"`
	ErrorCode  string   `json:"errorCode,omitempty"`
	Detail     string   `json:"detail,omitempty"`
	RetryAfter string   `json:"retryAfter,omitempty"`
}

func (r *record) print(step string, answer any, response *http.Response, err error) {
	if response == nil {
		log.Fatalf("%s: no response: %v", step, err)
	}
	out := line{Step: step, Status: response.StatusCode, RetryAfter: response.Header.Get("Retry-After")}
	if err == nil {
		out.Answer = answer
		var body any
		if len(r.bodies.latest) > 0 && answer != nil {
			must(0, json.Unmarshal(r.bodies.latest, &body))
			out.Unlike = unlike("", body, reflect.TypeOf(answer))
		}
	} else {
		model, ok := r.asError(err)
		if !ok {
			log.Fatalf("%s: not an error of the API: %v", step, err)
		}
		out.ErrorCode, out.Detail = model.GetErrorCode(), model.GetDetail()
		if !r.isErrorCode(err, out.ErrorCode) {
			log.Fatalf("%s: IsErrorCode does not know %q", step, out.ErrorCode)
		}
	}
	must(0, json.NewEncoder(os.Stdout).Encode(out))
}

// call makes a request and prints what came of it.
func call[T any](r *record, step string, execute func() (T, *http.Response, error)) T {
	answer, response, err := execute()
	r.print(step, answer, response, err)
	return answer
}

// act does the same for an operation without an answer.
func act(r *record, step string, execute func() (*http.Response, error)) {
	response, err := execute()
	r.print(step, nil, response, err)
}

// until repeats a request until it is done, and prints what came of the last one.
func until[T any](r *record, step string, execute func() (T, *http.Response, error), done func(T, error) bool) {
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		answer, response, err := execute()
		if done(answer, err) {
			r.print(step, answer, response, err)
			return
		}
		if time.Now().After(end) {
			log.Fatal(errors.Join(errors.New(step+": not done in time"), err))
		}
	}
}

// failed ends a wait for an error.
func failed[T any](_ T, err error) bool { return err != nil }
