package admin

import (
	"net/http"
	"net/netip"
	"net/url"
	"regexp"
	"strings"

	"github.com/labstack/echo/v4"
	"golang.org/x/net/idna"

	"deskbell/db/model"
	"deskbell/handlers/reach"
	"deskbell/handlers/web"
	"deskbell/views"
)

const domainsURL = "/desk/settings/domains"

// Domains lists the workspace's page domains.
func (a *Admin) Domains(c echo.Context) error {
	page, err := a.domains(c)
	if err != nil {
		return err
	}
	return a.Page(c, http.StatusOK, page)
}

func (a *Admin) domains(c echo.Context) (views.DomainList, error) {
	settings, err := a.settings(c, "domains")
	page := views.DomainList{Settings: settings, Base: a.Base.Host}
	if err != nil {
		return page, err
	}
	list, err := a.DB.PageDomains(c.Request().Context(), web.Workspace(c).ID)
	for _, d := range list {
		here := domainURL(d.Host)
		line := views.DomainLine{Host: d.Host, Primary: d.Primary, URL: a.Base.Origin(d.Host) + "/", Check: here + "/check", Remove: here + "/remove"}
		if shown, err := idna.Display.ToUnicode(d.Host); err == nil && shown != d.Host {
			line.Shown = shown
		}
		if !d.Primary {
			line.MakePrimary = here + "/primary"
		}
		page.Domains = append(page.Domains, line)
	}
	return page, err
}

func domainURL(host string) string { return domainsURL + "/" + url.PathEscape(host) }

// AddDomain takes a host name as somebody types or pastes it.
func (a *Admin) AddDomain(c echo.Context) error {
	posted, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	typed := posted.Line("host")
	host, err := hostName(typed)
	if err == nil {
		err = a.DB.AddPageDomain(c.Request().Context(), web.Workspace(c).ID, host, a.Base.Host)
	}
	if failure, ok := model.AsError(err); ok && failure.Kind == model.Invalid {
		page, err := a.domains(c)
		if err != nil {
			return err
		}
		page.Typed, page.Errors = typed, failure.Fields
		return a.Page(c, http.StatusUnprocessableEntity, page)
	}
	return a.saved(c, err, host+" is added. Check it as soon as its record is set.", domainsURL)
}

// hostNames are names of at least two parts, in ASCII; of one part there is localhost alone.
var hostNames = regexp.MustCompile(`^(localhost|[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+)$`)

// hostName returns the ASCII form (IDNA) of a name that was typed, maybe with the rest of an address.
func hostName(typed string) (string, error) {
	name := strings.TrimSpace(typed)
	if u, err := url.Parse(name); err == nil && u.Host != "" {
		name = u.Host
	}
	host, err := idna.Lookup.ToASCII(model.HostOf(name))
	if _, isAddress := netip.ParseAddr(host); err != nil || isAddress == nil || len(host) > 253 || !hostNames.MatchString(host) {
		return "", model.FieldFail("host", "Enter a host name like help.example.com, without a path.")
	}
	return host, nil
}

// MakePrimary makes a page domain the one that links have by default.
func (a *Admin) MakePrimary(c echo.Context) error {
	host := c.Param("host")
	return a.saved(c, a.DB.SetPrimaryDomain(c.Request().Context(), web.Workspace(c).ID, host), host+" is the primary page domain.", domainsURL)
}

// CheckDomain asks a page domain whether it leads here, and shows what was found.
func (a *Admin) CheckDomain(c echo.Context) error {
	ctx, host := c.Request().Context(), c.Param("host")
	if _, err := a.DB.PageDomain(ctx, web.Workspace(c).ID, host); err != nil {
		return err
	}
	page, err := a.domains(c)
	if err != nil {
		return err
	}
	result := reach.Checker{Keys: a.Keys, Base: a.Base}.Check(ctx, host)
	for i := range page.Domains {
		if line := &page.Domains[i]; line.Host == host {
			line.Good = result.Outcome == reach.PointsHere
			line.Result, line.Advice = a.said(host, result)
		}
	}
	return a.Page(c, http.StatusOK, page)
}

// said says what a check found and what to do.
func (a *Admin) said(host string, r reach.Result) (string, []string) {
	switch r.Outcome {
	case reach.PointsHere:
		return host + " points here, and your pages answer there.", nil
	case reach.NoAddress:
		return "Nobody knows an address of " + host + " yet.", []string{
			"Set a CNAME record that leads to " + a.Base.Host + ", or an A record with its address.",
			"If you have just set it, wait: it can take an hour."}
	case reach.Inside:
		return host + " has the address " + r.Address + ", which is inside a private network. Deskbell asks no such address.", []string{
			"For people outside, the record needs the public address of your proxy.",
			"If it is meant to be private, open the name in a browser there instead."}
	case reach.BadTLS:
		return host + " has no certificate that browsers accept.", []string{"Have your proxy get a certificate for this name."}
	case reach.NotHere:
		return "Something else answers at " + host + ", at the address " + r.Address + ".", []string{
			"Compare the address with that of " + a.Base.Host + ".",
			"Have your proxy pass requests for this name on to Deskbell, with the Host header unchanged."}
	}
	return "Nothing answers at " + host + ", at the address " + r.Address + ".", []string{
		"Compare the address with that of " + a.Base.Host + ".", "See whether your proxy runs and whether a firewall lets people in."}
}

// ConfirmRemoveDomain says what goes with a page domain.
func (a *Admin) ConfirmRemoveDomain(c echo.Context) error {
	ctx, ws := c.Request().Context(), web.Workspace(c).ID
	d, err := a.DB.PageDomain(ctx, ws, c.Param("host"))
	if err != nil {
		return err
	}
	page := views.DomainRemove{Host: d.Host, Action: domainURL(d.Host) + "/remove", Back: domainsURL, Next: a.Base.Host}
	if page.Needed, err = a.DB.DomainNeeded(ctx, ws); err != nil {
		return err
	}
	list, err := a.DB.PageDomains(ctx, ws)
	if err != nil {
		return err
	}
	for _, other := range list { // the primary one first, then by name
		if other.Host != d.Host {
			page.Next = other.Host
			break
		}
	}
	if page.Settings, err = a.settings(c, "domains"); err != nil {
		return err
	}
	return a.Page(c, http.StatusOK, page)
}

// RemoveDomain takes a page domain away.
func (a *Admin) RemoveDomain(c echo.Context) error {
	host := c.Param("host")
	return a.saved(c, a.DB.RemovePageDomain(c.Request().Context(), web.Workspace(c).ID, host), host+" is removed.", domainsURL)
}
