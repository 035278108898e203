// Package node is what all things with an id of the API have in common. It imports nothing of ours.
package node

// Node is anything that the API's node and nodes can find again.
type Node interface {
	IsNode()
	// GlobalID is the opaque id.
	GlobalID() string
}
