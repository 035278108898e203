package workflow

// Consent is one version of what citizens agree to before they submit an opinion (告知同意书).
type Consent struct {
	Version string
	// Purpose says what the data is used for; it is kept with each opinion.
	Purpose string
	// Text is what the citizen reads.
	Text string
}

// Consents are the versions of the consent; the last one is in force. A version that was ever in force stays.
var Consents = []Consent{
	{"2026-1", "办理、反馈和回访所反映的问题", `为办理您反映的问题,人大代表联络站需要处理您填写的内容、地点、照片,以及您自愿填写的姓名和电话。
一、用途:办理、反馈和回访所反映的问题,不用于其他目的。
二、范围:姓名和电话可以不填;希望回电的,请填写电话。姓名和电话只由受理的联络站及其所属乡镇(街道)人大查看,上级机关确需查看的,须说明理由并留有记录;承办单位只能看到问题本身。
三、公开:未经处理的内容不会公开;公开案例时不含姓名、电话等个人信息。
四、照片:上传后会去除拍摄位置等信息。
五、您的权利:凭受理编号和查询凭证(或电话)可以随时查看办理进展、补充说明和评价;要求更正或删除个人信息的,请与联络站联系。`},
}

// AppointmentConsents are the versions of what citizens agree to before they ask for an appointment; as with Consents the last one is in force.
var AppointmentConsents = []Consent{
	{"A2026-1", "安排和告知所申请的约见", `为安排您申请的约见,人大代表联络站需要处理您填写的姓名、电话和约见事项。
一、用途:安排约见,并将结果告知您,不用于其他目的。
二、范围:姓名和电话只由该联络站及其所属乡镇(街道)人大查看;您约见的代表或承办单位只能看到约见事项和经遮盖的姓名、电话。
三、公开:约见事项和您的个人信息均不公开。
四、您的权利:凭约见编号和查询凭证(或电话)可以随时查看结果,并在接待日开始前撤回;要求更正或删除个人信息的,请与联络站联系。`},
}

// ConsentInForce is the version that is shown to citizens now.
func ConsentInForce() Consent { return Consents[len(Consents)-1] }

// AppointmentConsentInForce is the version that is shown to citizens who ask for an appointment now.
func AppointmentConsentInForce() Consent { return AppointmentConsents[len(AppointmentConsents)-1] }

// consentOf finds a version of the consent to what becomes of an opinion.
func consentOf(version string) (Consent, bool) { return consentAmong(Consents, version) }

func consentAmong(all []Consent, version string) (Consent, bool) {
	for _, c := range all {
		if c.Version == version {
			return c, true
		}
	}
	return Consent{}, false
}
