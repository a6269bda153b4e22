// An agent in Go: MCP's official SDK gives the tools, the loop below calls those that the model asks for.
package main

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

const (
	// Rounds of model and tools after which the agent gives up.
	rounds = 30

	task = `In my MongoDB Atlas organization, create a project "shop" with a flex cluster "orders" on AWS in us-east-1.
Create a database user "app", and allow the IP address 203.0.113.7.
Tell me the connection string, and which file has the password.
This is only a test, so delete the cluster and the project afterwards.`
)

// overStdio starts the server on the sandbox: nothing is real, nothing is billed.
func overStdio() mcp.Transport {
	server := exec.Command("node", "../../../dist/cli.cjs", "--backend", "sandbox")
	server.Stderr = os.Stderr
	// The server creates it with the first password. Nothing of a sandbox should stay in anybody's home.
	folder := filepath.Join(os.TempDir(), fmt.Sprintf("atlas-provision-mcp-%d-%d", os.Getpid(), time.Now().UnixNano()))
	server.Env = []string{"ATLAS_MCP_CREDENTIALS_DIR=" + folder}
	// The model's key is none of the server's business.
	known := regexp.MustCompile(`^(PATH|HOME|ATLAS_MCP_\w+)=`)
	for _, variable := range os.Environ() {
		if known.MatchString(variable) {
			server.Env = append(server.Env, variable)
		}
	}
	return &mcp.CommandTransport{Command: server}
}

// bearer sends its token with every request.
type bearer string

func (token bearer) RoundTrip(request *http.Request) (*http.Response, error) {
	request = request.Clone(request.Context())
	request.Header.Set("Authorization", "Bearer "+string(token))
	return http.DefaultTransport.RoundTrip(request)
}

// overHTTP speaks to a server that runs already. A time-out of its HTTP client would end calls that wait.
func overHTTP(url string) mcp.Transport {
	client := &http.Client{Transport: bearer(os.Getenv("ATLAS_MCP_TOKEN"))}
	return &mcp.StreamableClientTransport{Endpoint: url, HTTPClient: client}
}

// ask shows the server's question to whoever sits at the terminal. Only a form with "agree" is a yes.
func ask(_ context.Context, request *mcp.ElicitRequest) (*mcp.ElicitResult, error) {
	fmt.Fprintf(os.Stderr, "%s [y/N] ", request.Params.Message)
	said, _ := bufio.NewReader(os.Stdin).ReadString('\n')
	if strings.EqualFold(strings.TrimSpace(said), "y") {
		return &mcp.ElicitResult{Action: "accept", Content: map[string]any{"agree": true}}, nil
	}
	return &mcp.ElicitResult{Action: "decline"}, nil
}

func connect(ctx context.Context, url string) (*mcp.ClientSession, error) {
	options := &mcp.ClientOptions{}
	// Without a terminal there is nobody to ask.
	if stdin, err := os.Stdin.Stat(); err == nil && stdin.Mode()&os.ModeCharDevice != 0 {
		options.ElicitationHandler = ask
	}
	transport := overStdio()
	if url != "" {
		transport = overHTTP(url)
	}
	client := mcp.NewClient(&mcp.Implementation{Name: "agent", Version: "1.0.0"}, options)
	return client.Connect(ctx, transport, nil)
}

// call gives the model what the tool says. That includes errors, which say what to do next.
func call(ctx context.Context, session *mcp.ClientSession, f function) string {
	fmt.Println("->", f.Name, f.Arguments)
	arguments := json.RawMessage(cmp.Or(f.Arguments, "{}"))
	result, err := session.CallTool(ctx, &mcp.CallToolParams{Name: f.Name, Arguments: arguments})
	if err != nil {
		return err.Error()
	}
	text := ""
	for _, content := range result.Content {
		if one, ok := content.(*mcp.TextContent); ok {
			text += one.Text
		}
	}
	return text
}

func run(ctx context.Context, url string) error {
	model, err := openModel()
	if err != nil {
		return err
	}
	defer model.close()
	session, err := connect(ctx, url)
	if err != nil {
		return err
	}
	defer session.Close()
	listed, err := session.ListTools(ctx, nil)
	if err != nil {
		return err
	}
	messages := []message{{Role: "user", Content: task}}
	for range rounds {
		said, err := model.complete(ctx, messages, listed.Tools)
		if err != nil {
			return err
		}
		if len(said.ToolCalls) == 0 {
			fmt.Printf("\n%s\n", said.Content)
			return nil
		}
		messages = append(messages, said)
		for _, one := range said.ToolCalls {
			answer := message{Role: "tool", ToolCallID: one.ID, Content: call(ctx, session, one.Function)}
			messages = append(messages, answer)
		}
	}
	return errors.New("the model came to no end")
}

func main() {
	url := flag.String("url", "", "endpoint of a running server; without it one is started over stdio")
	flag.Parse()
	if err := run(context.Background(), *url); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
