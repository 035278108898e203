package main

import (
	"fmt"
	"html"
	"math"
	"strings"
)

// chart is a plot of bars in groups: a bar for each series in each group.
type chart struct {
	title, unit string
	groups      []string
	series      []series
	// logarithmic counts lengths by powers of ten; line, unless 0, is drawn across at a value.
	logarithmic bool
	line        float64
}

// series are the bars of one colour; NaN is no bar.
type series struct {
	name   string
	values []float64
}

// colours are those of the series, told apart also by those who see no red or green.
var colours = []string{"#0072b2", "#e69f00", "#009e73", "#cc79a7"}

// The measures of a chart, in pixels.
const (
	chartLeft  = 150
	chartWidth = 560
	barHeight  = 11
	groupGap   = 9
	chartTop   = 64
)

// bounds are the ends of the axis.
func (c chart) bounds() (low, high float64) {
	low, high = math.Inf(1), c.line
	for _, s := range c.series {
		for _, v := range s.values {
			if !math.IsNaN(v) && v > 0 {
				low, high = min(low, v), max(high, v)
			}
		}
	}
	nothing := math.IsInf(low, 1)
	switch {
	case nothing && c.logarithmic:
		return .1, 1
	case nothing:
		return 0, 1
	case !c.logarithmic:
		return 0, high * 1.1
	}
	return math.Pow(10, math.Floor(math.Log10(low))), math.Pow(10, math.Ceil(math.Log10(high*1.01)))
}

// at is how far along the axis a value is, from 0 to 1.
func (c chart) at(v, low, high float64) float64 {
	if c.logarithmic {
		return (math.Log10(v) - math.Log10(low)) / (math.Log10(high) - math.Log10(low))
	}
	return (v - low) / (high - low)
}

// ticks are the values that are written along the axis.
func (c chart) ticks(low, high float64) []float64 {
	var out []float64
	if c.logarithmic {
		for v := low; v <= high*1.001; v *= 10 {
			out = append(out, v)
		}
		return out
	}
	step := math.Pow(10, math.Floor(math.Log10(high)))
	for high/step < 4 {
		step /= 2
	}
	for v := 0.0; v <= high; v += step {
		out = append(out, v)
	}
	return out
}

// svg draws the chart.
func (c chart) svg() string {
	var b strings.Builder
	group := barHeight*len(c.series) + groupGap
	height := chartTop + group*len(c.groups) + 30
	width := chartLeft + chartWidth + 70
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="11" role="img">`+"\n", width, height)
	fmt.Fprintf(&b, `<title>%s</title><rect width="%d" height="%d" fill="#fff"/>`+"\n", html.EscapeString(c.title), width, height)
	fmt.Fprintf(&b, `<text x="10" y="20" font-size="14">%s</text>`+"\n", html.EscapeString(c.title))
	x := 10
	for i, s := range c.series {
		fmt.Fprintf(&b, `<rect x="%d" y="32" width="10" height="10" fill="%s"/><text x="%d" y="41">%s</text>`+"\n", x, colours[i%len(colours)], x+14, html.EscapeString(s.name))
		x += 30 + 8*len(s.name)
	}
	low, high := c.bounds()
	bottom := chartTop + group*len(c.groups)
	for _, v := range c.ticks(low, high) {
		x := chartLeft + chartWidth*c.at(v, low, high)
		fmt.Fprintf(&b, `<path d="M%.1f %d V%d" stroke="#ddd"/><text x="%.1f" y="%d" text-anchor="middle">%s</text>`+"\n", x, chartTop-4, bottom, x, bottom+14, short(v))
	}
	fmt.Fprintf(&b, `<text x="%d" y="%d">%s</text>`+"\n", chartLeft+chartWidth+12, bottom+14, html.EscapeString(c.unit))
	if c.line > 0 {
		x := chartLeft + chartWidth*c.at(c.line, low, high)
		fmt.Fprintf(&b, `<path d="M%.1f %d V%d" stroke="#d00" stroke-dasharray="4 3"/>`+"\n", x, chartTop-4, bottom)
	}
	for g, name := range c.groups {
		y := chartTop + group*g
		fmt.Fprintf(&b, `<text x="%d" y="%d" text-anchor="end">%s</text>`+"\n", chartLeft-6, y+barHeight*len(c.series)/2+4, html.EscapeString(name))
		for i, s := range c.series {
			v := s.values[g]
			if math.IsNaN(v) || v <= 0 {
				continue
			}
			length := max(1, chartWidth*c.at(v, low, high))
			fmt.Fprintf(&b, `<rect x="%d" y="%d" width="%.1f" height="%d" fill="%s"/><text x="%.1f" y="%d" font-size="9">%s</text>`+"\n",
				chartLeft, y+i*barHeight, length, barHeight-1, colours[i%len(colours)], chartLeft+length+3, y+i*barHeight+9, short(v))
		}
	}
	b.WriteString("</svg>\n")
	return b.String()
}

// short writes a number with two digits that count, or all before the point.
func short(v float64) string {
	switch {
	case v >= 10:
		return fmt.Sprintf("%.0f", v)
	case v >= 1 || v == 0:
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.2g", v)
}
