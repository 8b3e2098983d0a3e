package web

import "deskbell/db/model"

// JoinURL returns the address of a link by which somebody joins a team or sets a new password.
func JoinURL(base model.BaseURL, keys model.Keys, id model.LinkID) string {
	return base.Origin("") + "/desk/join/" + string(keys.Token(model.MemberLinkToken, id))
}
