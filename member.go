package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"

	"deskbell/db"
	"deskbell/db/model"
	"deskbell/handlers/web"
)

// memberUsage is how the command is called.
const memberUsage = `deskbell member list                     lists the teams
  deskbell member add -email a@example.com -name Ann [-role admin] [-workspace Acme]
                                           prints a link by which Ann joins
  deskbell member reset -email a@example.com
                                           prints a link by which a member sets a new password;
                                           with -codes, their one-time codes are turned off as well`

// wish is what is asked of the command.
type wish struct {
	email, name, role, workspace string
	codes                        bool
}

// runMember is for whoever owns the machine: it lets people into the desk when nobody there can (O1).
// It may run beside the server.
func runMember(ctx context.Context, args []string, getenv func(string) string, out io.Writer) (err error) {
	verbs := map[string]func(context.Context, *team, wish, io.Writer) error{"list": listMembers, "add": addMember, "reset": resetMember}
	if len(args) == 0 || verbs[args[0]] == nil {
		return usageError{errors.New("write one of\n  " + memberUsage)}
	}
	var w wish
	c, err := readConfig(args[1:], getenv, out, func(flags *flag.FlagSet) {
		flags.StringVar(&w.email, "email", "", "address of the member")
		flags.StringVar(&w.name, "name", "", "name of a new member, as customers see it")
		flags.StringVar(&w.role, "role", string(model.Agent), "role of a new member, agent or admin")
		flags.BoolVar(&w.codes, "codes", false, "with reset: turn the member's one-time codes off")
		flags.StringVar(&w.workspace, "workspace", "", "name of a new member's workspace, where there are several")
	})
	if errors.Is(err, flag.ErrHelp) {
		return nil
	}
	if err != nil {
		return usageError{err}
	}
	t, err := openTeam(ctx, c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, t.data.Close()) }()
	return verbs[args[0]](ctx, t, w, out)
}

// team is an installation that the command works on.
type team struct {
	data       *db.DB
	keys       model.Keys
	base       model.BaseURL
	workspaces []model.Workspace
}

func openTeam(ctx context.Context, c Config) (*team, error) {
	path := filepath.Join(c.Data, "deskbell.db")
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("DESKBELL_DATA: there is no database in %s; start deskbell once, and open the link that it prints", c.Data)
	}
	keys, err := readKeys(c)
	if err != nil {
		return nil, err
	}
	t := &team{keys: keys, base: c.Base}
	if t.data, err = db.Open(ctx, path, nil); err != nil {
		return nil, err
	}
	t.workspaces, err = t.data.Workspaces(ctx)
	if err == nil && len(t.workspaces) == 0 {
		err = errors.New("there is no team yet: start deskbell, and open the link that it prints")
	}
	if err != nil {
		return nil, errors.Join(err, t.data.Close())
	}
	return t, nil
}

func listMembers(ctx context.Context, t *team, _ wish, out io.Writer) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "workspace\trole\taddress\tname")
	for _, ws := range t.workspaces {
		list, err := t.data.Members(ctx, ws.ID)
		if err != nil {
			return err
		}
		for _, m := range list {
			fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", ws.Name, m.Role, m.Email, m.Name)
		}
	}
	return table.Flush()
}

func addMember(ctx context.Context, t *team, w wish, out io.Writer) error {
	ws, err := t.workspace(w.workspace)
	if err != nil {
		return usageError{err}
	}
	email, ok := model.CleanAddress(w.email)
	if !ok {
		return usageError{errors.New("-email: write an address like name@example.com")}
	}
	name, role := model.CleanLine(w.name), model.Role(w.role)
	if model.CheckMemberName(name) != nil {
		return usageError{fmt.Errorf("-name: write a name, in at most %d characters", model.MaxMemberName)}
	}
	if role != model.Admin && role != model.Agent {
		return usageError{errors.New("-role: write agent or admin")}
	}
	id, err := t.data.Invite(ctx, db.MemberLink{ID: model.LinkID(model.RandomID()), Workspace: ws.ID, Email: email, Name: name, Role: role})
	if failure, ok := model.AsError(err); ok && len(failure.Fields) > 0 {
		return fmt.Errorf("-email: %s", failure.Fields[0].Message)
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%s joins %s by this link, within a week:\n%s\n", name, ws.Name, web.JoinURL(t.base, t.keys, id))
	return nil
}

func resetMember(ctx context.Context, t *team, w wish, out io.Writer) error {
	email, _ := model.CleanAddress(w.email)
	m, _, err := t.data.MemberSecret(ctx, email)
	if model.KindOf(err) == model.NotFound {
		return fmt.Errorf("-email: no member has the address %q; see deskbell member list", w.email)
	}
	if err != nil {
		return err
	}
	id, err := t.data.PasswordLink(ctx, model.Member{WorkspaceID: m.WorkspaceID}, m.ID)
	if err == nil && w.codes {
		err = t.data.EndCodes(ctx, m.WorkspaceID, m.ID)
	}
	if err != nil {
		return err
	}
	switch {
	case w.codes:
		fmt.Fprintf(out, "%s signs in without one-time codes from now on, until they set up new ones.\n", m.Name)
	case !m.CodesSince.IsZero():
		fmt.Fprintf(out, "%s still needs a one-time code to sign in; with -codes, this command turns the codes off.\n", m.Name)
	}
	fmt.Fprintf(out, "%s chooses a new password by this link, within a week:\n%s\n", m.Name, web.JoinURL(t.base, t.keys, id))
	return nil
}

// workspace finds a workspace by its name; without one, the only one.
func (t *team) workspace(name string) (model.Workspace, error) {
	var names []string
	for _, ws := range t.workspaces {
		if strings.EqualFold(ws.Name, name) || name == "" && len(t.workspaces) == 1 {
			return ws, nil
		}
		names = append(names, ws.Name)
	}
	return model.Workspace{}, fmt.Errorf("-workspace: write one of: %s", strings.Join(names, ", "))
}
