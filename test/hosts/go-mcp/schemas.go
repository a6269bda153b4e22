package main

import (
	"encoding/json"
	"fmt"
	"sync"

	"github.com/google/jsonschema-go/jsonschema"
	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// schemas are those of the results, by tool, in the SDK's own JSON Schema package.
type schemas struct{ sync.Map }

func resolve(schema any) (*jsonschema.Resolved, error) {
	text, err := json.Marshal(schema)
	if err != nil {
		return nil, err
	}
	parsed := &jsonschema.Schema{}
	if err := json.Unmarshal(text, parsed); err != nil {
		return nil, err
	}
	return parsed.Resolve(nil)
}

// learn keeps the schemas of the results; all of the tools' schemas have to be valid.
func (s *schemas) learn(tools []*mcp.Tool) error {
	for _, tool := range tools {
		if _, err := resolve(tool.InputSchema); err != nil {
			return fmt.Errorf("the input of %s: %w", tool.Name, err)
		}
		output, err := resolve(tool.OutputSchema)
		if err != nil {
			return fmt.Errorf("the output of %s: %w", tool.Name, err)
		}
		s.Store(tool.Name, output)
	}
	return nil
}

// check holds a result against the schema of its tool. Before the tools are listed nothing is known of them.
func (s *schemas) check(tool string, result *mcp.CallToolResult) error {
	schema, known := s.Load(tool)
	if !known {
		return nil
	}
	if err := schema.(*jsonschema.Resolved).Validate(result.StructuredContent); err != nil {
		return fmt.Errorf("the result of %s: %w", tool, err)
	}
	return nil
}
