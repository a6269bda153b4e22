// A client of MCP's official Go SDK, driven over its own standard streams: a command comes in and an event goes out as
// one line of JSON each. It ends when its input ends. The server's flags come after the client's.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"log/slog"
	"net/http"
	"os"
	"os/exec"
	"runtime/debug"
	"sync"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// A command has the id of its own, and an answer has the id of the question.
type command struct {
	ID        int               `json:"id"`
	Do        string            `json:"do"`
	Name      string            `json:"name"`
	Arguments json.RawMessage   `json:"arguments"`
	Texts     map[string]string `json:"texts"`
	Answer    mcp.ElicitResult  `json:"answer"`
}

type event map[string]any

type driver struct {
	session *mcp.ClientSession
	results schemas

	mu        sync.Mutex
	out       *json.Encoder
	cancels   map[int]context.CancelFunc
	questions map[int]chan mcp.ElicitResult
}

func (d *driver) emit(e event) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.out.Encode(e)
}

// ask shows a question and waits for its answer.
func (d *driver) ask(ctx context.Context, req *mcp.ElicitRequest) (*mcp.ElicitResult, error) {
	answer := make(chan mcp.ElicitResult, 1)
	d.mu.Lock()
	id := len(d.questions) + 1
	d.questions[id] = answer
	d.mu.Unlock()
	d.emit(event{"question": id, "message": req.Params.Message})
	select {
	case said := <-answer:
		return &said, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (d *driver) showProgress(_ context.Context, req *mcp.ProgressNotificationClientRequest) {
	d.emit(event{"id": req.Params.ProgressToken, "progress": req.Params})
}

func (d *driver) list(ctx context.Context) (any, error) {
	tools := []*mcp.Tool{}
	for tool, err := range d.session.Tools(ctx, nil) {
		if err != nil {
			return nil, err
		}
		tools = append(tools, tool)
	}
	return tools, d.results.learn(tools)
}

func (d *driver) call(ctx context.Context, c command) (any, error) {
	params := &mcp.CallToolParams{Name: c.Name, Arguments: c.Arguments}
	params.SetProgressToken(c.ID)
	result, err := d.session.CallTool(ctx, params)
	if err != nil {
		return nil, err
	}
	return result, d.results.check(c.Name, result)
}

func (d *driver) run(ctx context.Context, c command) (any, error) {
	switch c.Do {
	case "list":
		return d.list(ctx)
	case "call":
		return d.call(ctx, c)
	case "prompts":
		return d.session.ListPrompts(ctx, nil)
	case "prompt":
		return d.session.GetPrompt(ctx, &mcp.GetPromptParams{Name: c.Name, Arguments: c.Texts})
	}
	return nil, errors.New("no such command: " + c.Do)
}

// start runs a command beside the others, until it is done or cancelled.
func (d *driver) start(c command) {
	ctx, cancel := context.WithCancel(context.Background())
	d.mu.Lock()
	d.cancels[c.ID] = cancel
	d.mu.Unlock()
	go func() {
		defer cancel()
		result, err := d.run(ctx, c)
		if err != nil {
			d.emit(event{"id": c.ID, "error": err.Error()})
			return
		}
		d.emit(event{"id": c.ID, "result": result})
	}()
}

func (d *driver) take(c command) {
	d.mu.Lock()
	cancel, answer := d.cancels[c.ID], d.questions[c.ID]
	d.mu.Unlock()
	switch c.Do {
	case "cancel":
		cancel()
	case "answer":
		answer <- c.Answer
	default:
		d.start(c)
	}
}

// withToken sends a bearer token with every request.
type withToken string

func (token withToken) RoundTrip(req *http.Request) (*http.Response, error) {
	req = req.Clone(req.Context())
	req.Header.Set("Authorization", "Bearer "+string(token))
	return http.DefaultTransport.RoundTrip(req)
}

func release() string {
	info, _ := debug.ReadBuildInfo()
	for _, module := range info.Deps {
		if module.Path == "github.com/modelcontextprotocol/go-sdk" {
			return module.Version
		}
	}
	return ""
}

func main() {
	url := flag.String("url", "", "the endpoint; without it the arguments are a command to start")
	protocol := flag.String("protocol", "", "the version to ask for")
	asks := flag.Bool("asks", false, "declare elicitation")
	flag.Parse()

	d := &driver{
		out:       json.NewEncoder(os.Stdout),
		cancels:   map[int]context.CancelFunc{},
		questions: map[int]chan mcp.ElicitResult{},
	}
	options := &mcp.ClientOptions{
		// It warns of tools that it drops.
		Logger:                      slog.New(slog.NewTextHandler(os.Stderr, nil)),
		ProgressNotificationHandler: d.showProgress,
	}
	if *asks {
		options.ElicitationHandler = d.ask
	}
	// By way of JSON, because the options of releases before 1.8 have no such field.
	session := &mcp.ClientSessionOptions{}
	wanted, _ := json.Marshal(map[string]string{"ProtocolVersion": *protocol})
	json.Unmarshal(wanted, session)

	server := exec.Command("true")
	var transport mcp.Transport = &mcp.StreamableClientTransport{
		Endpoint:   *url,
		HTTPClient: &http.Client{Transport: withToken(os.Getenv("ATLAS_MCP_TOKEN"))},
	}
	if *url == "" {
		server = exec.Command(flag.Arg(0), flag.Args()[1:]...)
		server.Stderr = os.Stderr
		transport = &mcp.CommandTransport{Command: server}
	}
	client := mcp.NewClient(&mcp.Implementation{Name: "go-mcp", Version: "1.0.0"}, options)
	connected, err := client.Connect(context.Background(), transport, session)
	if err != nil {
		d.emit(event{"error": err.Error()})
		os.Exit(1)
	}
	d.session = connected
	d.emit(event{"release": release(), "server": connected.InitializeResult()})

	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		var c command
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			panic(err)
		}
		d.take(c)
	}
	ended := event{}
	if err := connected.Close(); err != nil {
		ended["error"] = err.Error()
	}
	if server.ProcessState != nil {
		ended["exitCode"] = server.ProcessState.ExitCode()
	}
	d.emit(event{"ended": ended})
}
