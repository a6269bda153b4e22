package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// endpoint speaks OpenAI's chat completions.
type endpoint struct {
	Name    string `json:"name"`
	BaseURL string `json:"baseURL"`
	APIKey  string `json:"apiKey"`
	close   func()
}

type message struct {
	Role       string     `json:"role"`
	Content    string     `json:"content"`
	ToolCalls  []toolCall `json:"tool_calls,omitempty"`
	ToolCallID string     `json:"tool_call_id,omitempty"`
}

type toolCall struct {
	ID       string   `json:"id"`
	Type     string   `json:"type"`
	Function function `json:"function"`
}

// function is what to call; its arguments are JSON in a string.
type function struct {
	Name      string `json:"name"`
	Arguments string `json:"arguments"`
}

// openModel opens the model that OPENAI_MODEL names. Without it, a script plays one, so that no key is needed.
func openModel() (*endpoint, error) {
	name, url, key := os.Getenv("OPENAI_MODEL"), os.Getenv("OPENAI_BASE_URL"), os.Getenv("OPENAI_API_KEY")
	if name == "" {
		return startScript()
	}
	if url == "" && key == "" {
		return nil, errors.New("OPENAI_MODEL needs OPENAI_API_KEY, or OPENAI_BASE_URL for your own endpoint")
	}
	if url == "" {
		url = "https://api.openai.com/v1"
	}
	return &endpoint{Name: name, BaseURL: url, APIKey: key, close: func() {}}, nil
}

// startScript starts the scripted model, which prints its address and ends with its input.
func startScript() (*endpoint, error) {
	node := exec.Command("node", "../scripted-model.mjs")
	node.Stderr = os.Stderr
	input, err := node.StdinPipe()
	if err != nil {
		return nil, err
	}
	output, err := node.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := node.Start(); err != nil {
		return nil, err
	}
	model := &endpoint{close: func() { input.Close(); node.Wait() }}
	if err := json.NewDecoder(output).Decode(model); err != nil {
		model.close()
		return nil, fmt.Errorf("the scripted model did not start: %w", err)
	}
	return model, nil
}

// complete asks the model what it says next.
func (model *endpoint) complete(ctx context.Context, messages []message, tools []*mcp.Tool) (message, error) {
	offered := []any{}
	for _, tool := range tools {
		offered = append(offered, map[string]any{"type": "function", "function": map[string]any{
			"name":        tool.Name,
			"description": tool.Description,
			"parameters":  tool.InputSchema,
		}})
	}
	body, err := json.Marshal(map[string]any{"model": model.Name, "messages": messages, "tools": offered})
	if err != nil {
		return message{}, err
	}
	request, err := http.NewRequestWithContext(ctx, "POST", model.BaseURL+"/chat/completions", bytes.NewReader(body))
	if err != nil {
		return message{}, err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+model.APIKey)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return message{}, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return message{}, err
	}
	completion := struct{ Choices []struct{ Message message } }{}
	if err := json.Unmarshal(text, &completion); err != nil || len(completion.Choices) == 0 {
		return message{}, fmt.Errorf("the model answered %s: %s", response.Status, text)
	}
	return completion.Choices[0].Message, nil
}
