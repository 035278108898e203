// Package files takes uploads and gives out attachments (附件) over HTTP.
//
// An upload comes before the opinion or the step it belongs to: POST /uploads cleans the picture, puts it into the store and
// answers a secret, by which a mutation attaches it, once and within a day. An attachment is fetched by an address that is signed for a few
// minutes: whoever sees the attachment in the API is given such an address, so that a page can show the picture, which cannot send a
// token.
//
// Room: server. It imports ent/workflow, ent/fault, ent/globalid, ent/viewer, server/photo and server/store.
package files
