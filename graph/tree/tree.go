// Package tree is what the API tells of places that the viewer may only know by name. It may import place.
package tree

import "github.com/lianluo/lianluo/ent/place"

// Ref is what a viewer may know of any place on the way up: code, name and level, nothing else.
type Ref struct {
	Code  place.Code
	Name  string
	Level place.Level
}
