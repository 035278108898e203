// Package audit seals the lines of the audit (审计) into a hash chain, and finds the first link at which it is broken.
//
// Lines are appended by the transactions that they tell of, in any order and side by side; chaining them there would have a whole province wait for each
// other. So each transaction queues its lines (audit_unsealed), and [Sealer] takes what is queued, gives it the next positions and writes the seals
// (audit_seal): a line is sealed once, when the transaction that wrote it is through, and none is passed over. Nobody may change or remove lines and seals
// but the owner of the database. [Verify] finds where the owner did.
//
// # The form that is hashed
//
// A value is written as one letter for its kind, the length of its content in decimal, a colon, and the content:
//
//	z  null                 no content
//	b  true or false        the word
//	n  number               as PostgreSQL writes a numeric
//	s  text                 UTF-8; a time as 2006-01-02T15:04:05.000000Z in UTC, a UUID in lower case with hyphens
//	x  bytes                as they are
//	l  list                 its values, one after the other
//	m  map                  name (s) and value, in the order of the names' bytes
//
// So no two values are written alike, and none depends on a time zone, a locale, or the order in which PostgreSQL keeps a JSON object's members.
//
// The digest of a line is the hash of the list ["lianluo.audit.entry.1", {column: value …}] over all its columns but the place and those that are null. The hash of a seal is that of the
// list ["lianluo.audit.seal.1", hash before, position, entry's id, [code, province, city, county, township], time, suite, digest]; the hash before the first one has
// no bytes. A column that is added later, and is null in the lines before, changes none of them.
//
// The place of a line follows its division when that moves (区划调整), as all places do. The seal keeps the one that the line had; Verify follows the changes of the
// tree from there.
//
// # The anchor
//
// Whoever owns the database can make the whole chain anew. Therefore the chain's head goes to an [Anchor] outside of it after each sealing, and stays there
// beside all heads before: a chain that was made anew, cut, or brought back from a backup does not lead to them. An anchor is worth what keeps it: a
// machine that the owner of the database does not rule, or storage that can be written once.
//
// # How long
//
// Lines and seals are kept without end; the law asks for six months at least (网络安全法第二十一条). No job removes any.
//
// Room: ent. It imports nothing of ours.
package audit
