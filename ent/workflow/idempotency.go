package workflow

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/idempotencykey"
)

// once makes something at most once for a subject's key. The same request under the same key answers what the first one
// made, as it is now; two at the same time wait for each other. Without a key it just makes it.
func once[E any](
	ctx context.Context, t *task, key *string, request any,
	find func(context.Context, uuid.UUID) (*E, error), create func() (*E, uuid.UUID, error),
) (*E, error) {
	if key == nil {
		made, _, err := create()
		return made, err
	}
	hash, err := requestHash(request)
	if err != nil {
		return nil, err
	}
	subject := t.viewer.Subject
	if err := t.lock(ctx, "idempotency:"+subject+":"+*key); err != nil {
		return nil, err
	}
	known, err := t.tx.IdempotencyKey.Query().
		Where(idempotencykey.Subject(subject), idempotencykey.Key(*key)).Only(ctx)
	switch {
	case gen.IsNotFound(err):
	case err != nil:
		return nil, err
	case known.Verb != string(t.verb) || !bytes.Equal(known.RequestHash, hash):
		return nil, fault.Conflict("IDEMPOTENCY_KEY_REUSED", "该幂等键已用于另一请求", "input", "idempotencyKey")
	default:
		made, err := find(ctx, known.EntityID)
		if gen.IsNotFound(err) {
			return nil, fault.NotFound("该幂等键所建对象已不在辖区内", "input", "idempotencyKey")
		}
		return made, err
	}

	made, id, err := create()
	if err != nil {
		return nil, err
	}
	err = t.tx.IdempotencyKey.Create().
		SetSubject(subject).SetKey(*key).SetVerb(string(t.verb)).SetRequestHash(hash).SetEntityID(id).Exec(ctx)
	if err != nil {
		return nil, fmt.Errorf("keep the idempotency key: %w", err)
	}
	return made, nil
}

// requestHash is the same for the same request. The inputs are structs of plain fields, which JSON writes in a fixed order.
func requestHash(request any) ([]byte, error) {
	text, err := json.Marshal(request)
	if err != nil {
		return nil, fmt.Errorf("hash the request: %w", err)
	}
	sum := sha256.Sum256(text)
	return sum[:], nil
}
