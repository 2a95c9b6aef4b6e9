from django.urls import path

from judging.views import assigning, calibration, desk, jurors, plenary, rounds, scoring, teams, ties

app_name = "judging"

ROUND = "judging/rounds/<slug:code>/<slug:group>/<slug:key>/"

urlpatterns = [
    path("judging/", desk.my_desk, name="desk"),
    path("judging/pact/<slug:code>/", desk.pact, name="pact"),
    path("judging/conflicts/<slug:code>/", ties.conflicts, name="conflicts"),
    path("judging/invitations/<str:token>/", desk.invitation, name="invitation"),
    path("judging/assessments/<slug:code>/", scoring.assessment, name="assessment"),
    path("judging/assessments/<slug:code>/team/", teams.team, name="team"),
    path("judging/assessments/<slug:code>/revise/", teams.revise, name="revise"),
    path("judging/assessments/<slug:code>/recuse/", scoring.recuse, name="recuse"),
    path("judging/assessments/<slug:code>/documents/<slug:key>/", scoring.document, name="document"),
    path("judging/assessments/<slug:code>/return/", rounds.return_sheet, name="return"),
    path("judging/assessments/<slug:code>/drop/", rounds.drop_sheet, name="drop"),
    path("judging/manage/<slug:code>/", rounds.manage, name="manage"),
    path(ROUND, rounds.judging_round, name="round"),
    path(f"{ROUND}open/", rounds.open_round, name="open"),
    path(f"{ROUND}assign/", assigning.assign, name="assign"),
    path(f"{ROUND}workload/", rounds.workload, name="workload"),
    path("judging/plans/<slug:code>/", assigning.plan, name="plan"),
    path("judging/plans/<slug:code>/deploy/", assigning.plan_deploy, name="plan_deploy"),
    path("judging/plans/<slug:code>/compare/", assigning.plan_compare, name="plan_compare"),
    path("judging/plans/<slug:code>/sheets/<slug:juror>/<slug:proposal>/", assigning.plan_edit, name="plan_edit"),
    path(f"{ROUND}remind/", rounds.remind, name="remind"),
    path(f"{ROUND}jurors/<slug:juror>/", rounds.pile, name="pile"),
    path(f"{ROUND}calibration/", calibration.calibration, name="calibration"),
    path(f"{ROUND}readings/", calibration.readings_at_the_line, name="readings"),
    path(f"{ROUND}anchors/", calibration.anchors_of_round, name="anchors"),
    path(f"{ROUND}anchors/<slug:proposal>/", calibration.anchor, name="anchor"),
    path(f"{ROUND}ranking/", plenary.ranking, name="ranking"),
    path(f"{ROUND}ranking.csv", plenary.ranking_file, name="ranking_csv"),
    path(f"{ROUND}plenary/", plenary.plenary, name="plenary"),
    path(f"{ROUND}plenary/moves/", plenary.move, name="plenary_move"),
    path(f"{ROUND}plenary/minutes/", plenary.freeze, name="freeze"),
    path("judging/selections/<slug:code>/", plenary.selection, name="selection"),
    path("judging/selections/<slug:code>/minutes.pdf", plenary.selection_minutes, name="minutes_pdf"),
    path("judging/<slug:code>/jurors/", jurors.jurors, name="jurors"),
    path("judging/<slug:code>/jurors/invite/", jurors.invite, name="invite"),
    path("judging/<slug:code>/jurors/invite-many/", jurors.invite_many, name="invite_many"),
    path("judging/<slug:code>/jurors/<slug:juror>/", jurors.juror, name="juror"),
    path("judging/<slug:code>/jurors/<slug:juror>/conflicts/", ties.juror_conflicts, name="juror_conflicts"),
    path("judging/<slug:code>/jurors/<slug:juror>/invitation/", jurors.resend, name="resend"),
    path("judging/<slug:code>/jurors/<slug:juror>/leave/", jurors.leave, name="leave"),
]
