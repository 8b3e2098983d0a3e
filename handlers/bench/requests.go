package main

import (
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"sync/atomic"
	"time"

	"deskbell/db"
	"deskbell/db/model"
)

// What is measured of Deskbell, over HTTP.
const (
	threadView = "thread view"
	firstView  = "thread, first view"
	inboxPage  = "inbox page"
	inboxView  = "inbox view"
	search     = "inbox search"
	ticketPage = "ticket page"
	poll       = "poll, nothing new"
	create     = "create"
)

// ticketTasks are measured on a database of tickets.
var ticketTasks = []string{fixedThread, templateThread, fixedInbox, bare204, bareInsert, insertHandler, threadView, firstView, inboxPage, inboxView, search, ticketPage, poll, create}

func (s *subject) tasks() []task {
	return []task{
		{name: threadView, against: []string{fixedThread, templateThread}, client: overHTTP(s.address, http.StatusOK, inTurn(s.threadRequests("")))},
		{name: firstView, against: []string{fixedThread, templateThread}, client: overHTTP(s.address, http.StatusOK, inTurn(s.threadRequests("?reopened=1")))},
		{name: inboxPage, against: []string{fixedInbox}, client: overHTTP(s.address, http.StatusOK, inTurn(s.inboxRequests()))},
		{name: inboxView, against: []string{fixedInbox}, client: overHTTP(s.address, http.StatusOK, inTurn(s.viewRequests()))},
		{name: search, against: []string{fixedInbox}, client: overHTTP(s.address, http.StatusOK, inTurn(s.searchRequests()))},
		{name: ticketPage, against: []string{fixedInbox}, client: overHTTP(s.address, http.StatusOK, inTurn(s.ticketRequests()))},
		{name: poll, against: []string{bare204}, client: overHTTP(s.address, http.StatusNoContent, inTurn(s.pollRequests()))},
		{name: create, against: []string{bareInsert, insertHandler}, client: overHTTP(s.address, http.StatusSeeOther, s.createRequest)},
	}
}

// inTurn hands out requests one after the other, to all clients together.
func inTurn(requests [][]byte) func() []byte {
	var n atomic.Int64
	return func() []byte { return requests[int(n.Add(1))%len(requests)] }
}

func (s *subject) threadURL(t db.PastThread) string {
	return "/ticket/thread/" + string(s.kit.Keys.Token(model.ThreadLink, t.Link))
}

// threadRequests ask as a browser does, with a query that is part of the page or none.
func (s *subject) threadRequests(query string) [][]byte {
	var list [][]byte
	for _, t := range s.Threads {
		list = append(list, s.request("GET", s.threadURL(t)+query, "Accept-Encoding: gzip, deflate, br\r\n", ""))
	}
	return list
}

func (s *subject) pollRequests() [][]byte {
	var list [][]byte
	for _, t := range s.Threads {
		list = append(list, s.request("GET", fmt.Sprintf("%s/messages?after=%d", s.threadURL(t), t.Version), "HX-Request: true\r\n", ""))
	}
	return list
}

// inboxRequests ask for places all over the workspace's history.
func (s *subject) inboxRequests() [][]byte {
	end := time.Now()
	var list [][]byte
	for i := range 200 {
		below := end.Add(-time.Duration(i) * 5 * 24 * time.Hour).UnixMilli()
		path := fmt.Sprintf("/desk?status=%s&below=%d.0", []string{"open", "waiting", "closed", "all"}[i%4], below)
		list = append(list, s.request("GET", path, "Cookie: "+s.cookie+"\r\n", ""))
	}
	return list
}

// viewRequests ask for the newest tickets, as members do all day: of each view, and of each filter that an index knows.
func (s *subject) viewRequests() [][]byte {
	var list [][]byte
	for _, query := range []string{
		"status=open", "status=open&assignee=me", "status=open&assignee=none", "status=waiting", "status=closed", "status=all",
		"status=all&priority=high", "status=all&type=question", "status=all&project=" + s.Crowd.Project.PublicID,
	} {
		list = append(list, s.request("GET", "/desk?"+query, "Cookie: "+s.cookie+"\r\n", ""))
	}
	return list
}

// searchRequests look for words that many tickets have, alone and together with operators.
func (s *subject) searchRequests() [][]byte {
	var list [][]byte
	for _, typed := range []string{"printer", "labels printer", `"the import"`, "shelf status:open", "invoice is:unassigned", "login type:question"} {
		list = append(list, s.request("GET", "/desk?q="+url.QueryEscape(typed), "Cookie: "+s.cookie+"\r\n", ""))
	}
	return list
}

// ticketRequests ask for tickets all over the workspace's history.
func (s *subject) ticketRequests() [][]byte {
	var list [][]byte
	count := s.Tickets
	for i := range min(lookedAt, count) {
		number := 1 + i*count/min(lookedAt, count)
		list = append(list, s.request("GET", fmt.Sprintf("/desk/tickets/%d", number), "Cookie: "+s.cookie+"\r\n", ""))
	}
	return list
}

// createRequest is a new visitor's submission, with the key of a form just opened.
func (s *subject) createRequest() []byte {
	n := s.created.Add(1)
	ws, project := s.Crowd.Workspace, s.Crowd.Project
	form := url.Values{
		"email": {fmt.Sprintf("visitor%d@example.net", n)}, "name": {"Max Mustermann"},
		"title": {sampleTitle}, "description": {sampleText}, "type": {project.DefaultType}, "website": {""},
		"form_key": {s.kit.Keys.FormKey(fmt.Sprintf("intake/%d/%d", ws.ID, project.ID), time.Now())},
	}
	head := formHead + "X-Forwarded-For: " + visitorAddress(n) + "\r\n"
	return s.request("POST", "/ticket/"+project.PublicID, head, form.Encode())
}

// visitorAddress is the address of the nth visitor's client.
func visitorAddress(n int64) string {
	return netip.AddrFrom4([4]byte{10, byte(n >> 16), byte(n >> 8), byte(n)}).String()
}

// What a submission says, and what the bare inserts store.
const (
	sampleTitle = "The import stops with large files since the update"
	sampleText  = "Importing our inventory stops with this message:\n\n```\nerror: line 1001: unexpected end of record\n```\n\n" +
		"The file has 4,300 rows, and the first thousand arrive as they should. It began on Tuesday, shortly after " +
		"we had moved the shelves to the new room.\n\nCould you tell us what to change, or whether it is better to wait?"
)
