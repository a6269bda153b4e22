package main

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"
)

// unlike compares a body with the type that it was decoded into. It lists the members that the type has no place for, and
// those that the type requires and the body does not have: encoding/json passes over both.
func unlike(path string, body any, t reflect.Type) []string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch value := body.(type) {
	case []any:
		if t.Kind() != reflect.Slice {
			return nil
		}
		var all []string
		for _, item := range value {
			all = append(all, unlike(path+"[]", item, t.Elem())...)
		}
		slices.Sort(all)
		return slices.Compact(all)
	case map[string]any:
		if t.Kind() != reflect.Struct || t == reflect.TypeFor[time.Time]() {
			return nil
		}
		return unlikeStruct(path, value, t)
	}
	return nil
}

func unlikeStruct(path string, body map[string]any, t reflect.Type) []string {
	var all []string
	known := map[string]bool{}
	for i := range t.NumField() {
		field := t.Field(i)
		name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		known[name] = true
		value, present := body[name]
		if present {
			all = append(all, unlike(path+"."+name, value, field.Type)...)
		} else if !strings.Contains(options, "omitempty") {
			all = append(all, path+"."+name+" is missing")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(body)) {
		if !known[name] {
			all = append(all, path+"."+name+" is unknown")
		}
	}
	return all
}
