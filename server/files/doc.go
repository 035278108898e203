// Package files takes uploads and gives out attachments (附件) over HTTP.
//
// An upload comes before the opinion or the step it belongs to: POST /uploads cleans the picture, puts it into the store and
// answers a secret, by which a mutation attaches it, once and within a day. An attachment is fetched by an address that is good for a few
// minutes (server/link): whoever sees the attachment in the API is given one, so that a page can show the picture, which cannot send a token. It is
// read on behalf of whoever the address was made for, so that it is there only while that viewer sees it.
//
// Room: server. It imports ent/workflow, ent/fault, ent/gen, ent/globalid, ent/viewer, server/link, server/photo and server/store.
package files
