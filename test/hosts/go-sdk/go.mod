module atlas-provision-mcp-go-sdk

go 1.24

require (
	go.mongodb.org/atlas-sdk/v20231115014 v20231115014.0.0
	go.mongodb.org/atlas-sdk/v20250312001 v20250312001.1.0
	go.mongodb.org/atlas-sdk/v20250312007 v20250312007.0.0
	golang.org/x/oauth2 v0.30.0
)

require github.com/mongodb-forks/digest v1.1.0 // indirect
