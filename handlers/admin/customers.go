package admin

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"

	"deskbell/db"
	"deskbell/db/model"
	"deskbell/handlers/web"
	"deskbell/views"
)

const customersURL = "/desk/settings/customers"

// Customers lists the workspace's customers, and finds those whose address or name begins with a text.
func (a *Admin) Customers(c echo.Context) error {
	settings, err := a.settings(c, "customers")
	if err != nil {
		return err
	}
	page := views.CustomerList{Settings: settings, Query: web.QueryForm(c).Line("q")}
	from := customerPlace(c)
	list, err := a.DB.Customers(c.Request().Context(), web.Workspace(c).ID, page.Query, from)
	if err != nil {
		return err
	}
	for _, customer := range list.Customers {
		page.Customers = append(page.Customers, customerLine(customer))
	}
	if from != (db.CustomerPlace{}) {
		page.First = customersAt(page.Query, db.CustomerPlace{})
	}
	if list.Next != (db.CustomerPlace{}) {
		page.More = customersAt(page.Query, list.Next)
	}
	return a.Page(c, http.StatusOK, page)
}

// customerPlace reads where a page of the list begins; anything that is no place is the beginning.
func customerPlace(c echo.Context) db.CustomerPlace {
	id, err := strconv.ParseInt(c.QueryParam("after"), 10, 64)
	if err != nil || id <= 0 {
		return db.CustomerPlace{}
	}
	return db.CustomerPlace{After: model.CustomerID(id), ByName: c.QueryParam("by") == "name"}
}

// customersAt is the address of a page of the list. It names a customer by their id: what somebody searched
// for stands in it, and nothing that was found.
func customersAt(query string, place db.CustomerPlace) string {
	values := url.Values{}
	if query != "" {
		values.Set("q", query)
	}
	if place.After != 0 {
		values.Set("after", fmt.Sprint(place.After))
	}
	if place.ByName {
		values.Set("by", "name")
	}
	if len(values) == 0 {
		return customersURL
	}
	return customersURL + "?" + values.Encode()
}

func customerLine(c db.ListedCustomer) views.CustomerLine {
	tickets := strconv.Itoa(c.Tickets)
	if c.Tickets >= db.MostTicketsCounted {
		tickets += " or more"
	}
	return views.CustomerLine{
		Name: c.Name, Email: c.Email, Confirmed: !c.ConfirmedAt.IsZero(), Since: c.CreatedAt,
		Tickets: tickets, LastActivityAt: c.LastActivityAt, URL: customerURL(c.ID),
		Links: fmt.Sprintf("%s?customer=%d", intakeLinksURL, c.ID),
	}
}

func customerURL(id model.CustomerID) string { return fmt.Sprintf("%s/%d", customersURL, id) }

// Customer shows a customer, with a form for the name.
func (a *Admin) Customer(c echo.Context) error {
	_, page, err := a.customerForm(c)
	if err != nil {
		return err
	}
	return a.Page(c, http.StatusOK, page)
}

func (a *Admin) customerForm(c echo.Context) (model.CustomerID, views.CustomerForm, error) {
	id, err := strconv.ParseInt(c.Param("id"), 10, 64)
	if err != nil {
		return 0, views.CustomerForm{}, model.Fail(model.NotFound, "There is no such customer. They may have been erased: look for them among the customers.")
	}
	customer, err := a.DB.ListedCustomer(c.Request().Context(), web.Workspace(c).ID, model.CustomerID(id))
	if err != nil {
		return 0, views.CustomerForm{}, err
	}
	settings, err := a.settings(c, "customers")
	return customer.ID, views.CustomerForm{Settings: settings, CustomerLine: customerLine(customer), Typed: customer.Name, Erase: eraseURL(customer.ID)}, err
}

// NameCustomer corrects a customer's name.
func (a *Admin) NameCustomer(c echo.Context) error {
	id, page, err := a.customerForm(c)
	if err != nil {
		return err
	}
	posted, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	page.Typed = posted.Line("name")
	err = a.DB.NameCustomer(c.Request().Context(), web.Workspace(c).ID, id, page.Typed)
	if failure, ok := model.AsError(err); ok && failure.Kind == model.Invalid {
		page.Errors = failure.Fields
		return a.Page(c, http.StatusUnprocessableEntity, page)
	}
	return a.saved(c, err, "Saved.", page.URL)
}
