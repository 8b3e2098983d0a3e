package admin

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"deskbell/db/model"
	"deskbell/handlers/web"
	"deskbell/views"
)

var allowedTypes = []views.Choice{
	{Value: string(model.AllowAll), Label: "All files"},
	{Value: string(model.AllowImages), Label: "Images"},
	{Value: string(model.AllowImagesAndPDF), Label: "Images and PDF"},
	{Value: string(model.AllowCustom), Label: "A list of types"},
}

var retentionUnits = []views.Choice{
	{Value: string(model.RetentionOff), Label: "Never"},
	{Value: string(model.RetentionDays), Label: "Days"},
	{Value: string(model.RetentionMonths), Label: "Months"},
}

// Attachments shows the rules for files, what they take, and what the last clean-up did (G3 to G6).
func (a *Admin) Attachments(c echo.Context) error {
	r := web.Workspace(c).Uploads
	return a.attachments(c, http.StatusOK, views.AttachmentsForm{
		MaxFileMB: strconv.Itoa(r.MaxFileMB), MaxTicketMB: strconv.Itoa(r.MaxTicketMB), StorageMB: strconv.Itoa(r.StorageMB),
		AllowedTypes: string(r.Types.Kind), CustomTypes: strings.Join(r.Types.Custom, ", "),
		RetentionValue: strconv.Itoa(r.Retention.Value), RetentionUnit: string(r.Retention.Unit),
	})
}

// attachments adds to a form what the page shows beside it.
func (a *Admin) attachments(c echo.Context, status int, page views.AttachmentsForm) (err error) {
	ctx, ws := c.Request().Context(), web.Workspace(c)
	if page.Settings, err = a.settings(c, "attachments"); err != nil {
		return err
	}
	use, err := a.DB.StorageUse(ctx, ws.ID)
	if err != nil {
		return err
	}
	if page.Run, err = a.DB.RetentionRun(ctx, ws.ID); err != nil {
		return err
	}
	var total model.StorageUse
	for _, u := range use {
		total.Files, total.Bytes = total.Files+u.Files, total.Bytes+u.Bytes
		page.Use = append(page.Use, storageLine(u))
	}
	page.Total, page.RunBytes = storageLine(total), model.HumanSize(page.Run.Bytes)
	page.Allowance = int64(ws.Uploads.StorageMB) * model.MB
	page.Rule = ws.Uploads.Retention.Says()
	page.Allowed, page.Units = allowedTypes, retentionUnits
	return a.Page(c, status, page)
}

func storageLine(u model.StorageUse) views.StorageLine {
	return views.StorageLine{Project: u.Project, Files: model.Count(u.Files, "file", "files"), Bytes: u.Bytes, Size: model.HumanSize(u.Bytes)}
}

// SaveAttachments takes the form.
func (a *Admin) SaveAttachments(c echo.Context) error {
	posted, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	var page views.AttachmentsForm
	var r model.UploadRules
	page.MaxFileMB, r.MaxFileMB = number{"max_file_mb", 1, 100}.read(posted, &page.Errors)
	page.MaxTicketMB, r.MaxTicketMB = number{"max_ticket_mb", 1, 100_000}.read(posted, &page.Errors)
	page.StorageMB, r.StorageMB = number{"storage_mb", 0, 100_000_000}.read(posted, &page.Errors)
	page.AllowedTypes, page.CustomTypes = posted.Line("allowed_types"), posted.Text("custom_types")
	r.Types.Kind = model.AllowedKind(page.AllowedTypes)
	if page.CustomTypes != "" {
		if r.Types.Custom, err = model.ParseCustomTypes(page.CustomTypes); err != nil {
			page.Errors.Add("custom_types", message(err))
			r.Types.Custom = []string{"pdf"} // so that Check does not ask for a list as well
		}
	}
	page.RetentionUnit = posted.Line("retention_unit")
	r.Retention.Unit = model.RetentionUnit(page.RetentionUnit)
	page.RetentionValue, r.Retention.Value = number{"retention_value", 1, model.MaxRetention}.read(posted, &page.Errors)
	if failure, ok := model.AsError(r.Check()); ok {
		page.Errors = append(page.Errors, failure.Fields...)
	}
	if len(page.Errors) > 0 {
		return a.attachments(c, http.StatusUnprocessableEntity, page)
	}
	return a.saved(c, a.DB.SetUploadRules(c.Request().Context(), web.Workspace(c).ID, r), "Saved.", "/desk/settings/attachments")
}

// message is what an expected failure says of its one field.
func message(err error) string {
	failure, ok := model.AsError(err)
	if !ok {
		return "Change this entry."
	}
	if len(failure.Fields) > 0 {
		return failure.Fields[0].Message
	}
	return failure.Message
}

// RunRetention asks for a clean-up now; a job does it.
func (a *Admin) RunRetention(c echo.Context) error {
	return a.saved(c, a.DB.RequestRetention(c.Request().Context(), web.Workspace(c).ID),
		"The clean-up begins in a moment.", "/desk/settings/attachments")
}
