package seed

import "github.com/lianluo/lianluo/ent/kind"

// What is said at the steps of the loop. Nobody is named, and no number.
var (
	acceptances = []string{"已受理，将尽快分析并交办。", "已登记受理。", "情况属实，予以受理。"}
	analyses    = []string{"经现场核实，需由部门办理。", "涉及多户，建议尽快办理。", "与近期走访了解的情况一致。"}
	declines    = map[kind.DeclineReason]string{
		kind.DeclineLegalProcedure: "该事项已进入诉讼程序，请通过司法途径解决。",
		kind.DeclineOutOfScope:     "该事项不属于联络站受理范围，已告知向有权机关反映的途径。",
		kind.DeclineUnclear:        "未写明地点和事项，且没有留下联系方式，无法核实。",
		kind.DeclineRepeated:       "与本人此前提交的意见重复，已按前件办理。",
		kind.DeclineUntrue:         "经现场核实，所反映的情况不存在。",
	}
	explanations = []string{
		"相关规定是这样的：这类事项由主管部门按年度计划安排，我会持续关注并把大家的意见带上去。",
		"我到现场看过，情况属实，已按程序转交办理，进展会及时告知大家。",
		"这项政策的补助对象和标准有明确规定，我把办理流程给您讲清楚，需要的材料不多。",
	}
	progress = []string{
		"已到现场查看并记录情况，正在研究办法。", "已与乡镇和村里对接，了解诉求。", "已召集有关单位会商，明确分工和时限。", "正在履行相关程序，预计按期办结。",
		"主要工作已完成，正在收尾。", "已入户征求意见，多数群众赞成。", "已向反映人说明进展。",
	}
	questions = []string{
		"请补充说明具体位置，便于现场核查。", "请问情况是从什么时候开始的？", "请说明涉及的大致户数和影响范围。", "请补充一下最方便上门查看的时间。",
	}
	supplements = []string{
		"大概是两个月前开始的，一直没有好转。", "白天都有人在家，随时可以来看。", "到{地}一问都知道，村里和社区也了解情况。", "邻居们都可以作证，需要的话我可以带路。",
	}
	urgings = []string{"请加快办理，三个工作日内报告进展。", "已接近办理时限，请倒排工期。", "群众等待已久，请主要负责人亲自过问。"}
	words   = []string{"如还有疑问，请随时到站反映。", "联络员将于一个月后回访。", "感谢您的反映。", "请对办理情况作出评价。"}
	grounds = []string{"办理情况与实际不符，请重新核实。", "问题仍未解决，反映人不满意，请重新办理。", "答复未回应关键诉求，请重办。"}

	// comments are what citizens say with a rating.
	comments = map[kind.Rating][]string{
		kind.RatingSatisfied:    {"解决得很快，谢谢！", "问题解决了，满意。", "工作人员很负责。", "没想到这么快就有答复。"},
		kind.RatingBasically:    {"基本解决了，希望以后常看看。", "还行，就是时间长了点。", "希望按答复的时间落实。"},
		kind.RatingDissatisfied: {"只是答复，没有实际解决。", "修了没几天又坏了。", "和说的不一样，请再来看看。"},
	}
)
