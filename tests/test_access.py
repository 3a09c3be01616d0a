"""Who gets what: every URL × every role × another tenant, as a table that a lawyer could sign.

Columns: anonymous · facilitator · manager · buyer · prescriber · contractor · structure · funder · admin
· facilitator of another office · buyer of another authority · contractor of another company.
200 shows, 302 redirects (anonymous: to the sign-in page), 403 lacks the verb, 404 does not exist for them,
405 refuses the method, 422 shows the form again with its errors.
A line: method, URL name, the object it is about (a key of `the_objects`; « - » for none), statuses.
"""

from copy import deepcopy
from datetime import date, timedelta

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.notifications import invitation_path
from accounts.roles import Role
from accounts.services import calendar_feeds
from jobs.enums import JobKind
from procurement.enums import PlanState
from structures.enums import ApproachState
from tests.accounts.card_factories import CardContactFactory, OfficeCardFactory
from tests.accounts.factories import MembershipFactory, UserFactory, person
from tests.clauses import scenes
from tests.clauses.factories import (
    MORNING,
    ClauseTextFactory,
    DecisionLinkFactory,
    DeclarationFactory,
    DerogationFactory,
    ProposalFactory,
    ScreeningFactory,
    UrgencyFactory,
)
from tests.jobs.factories import JobFactory
from tests.procurement.factories import (
    AwardedContractFactory,
    LotFactory,
    MarketFactory,
    PlanFileFactory,
    PracticeCardFactory,
    PurchasePlanFactory,
)
from tests.reporting.factories import ReportEditionFactory
from tests.structures.factories import (
    ApproachFactory,
    ConsortiumMemberFactory,
    ContactFactory,
    CorrectionFactory,
    DirectoryFileFactory,
    NeedFactory,
    OfferFactory,
    StructureFactory,
)
from tests.structures.meeting_factories import GuestFactory
from tests.structures.order_factories import DirectOrderFactory, QuoteFactory
from tests.test_architecture import url_patterns


ROLES = (
    "anonymous", "facilitator", "manager", "buyer", "prescriber", "contractor", "structure_member", "funder",
    "administrator", "other_facilitator", "other_buyer", "other_contractor",
)  # fmt: skip

#                                                 anon fac man buy pre con str fun adm  o-f o-b o-c
CHASSIS = """
GET  healthz                              -       200 200 200 200 200 200 200 200 200  200 200 200
GET  readyz                               -       200 200 200 200 200 200 200 200 200  200 200 200
"""

#                                                 anon fac man buy pre con str fun adm  o-f o-b o-c
ACCOUNTS = """
GET  account_login                        -       200 302 302 302 302 302 302 302 302  302 302 302
GET  account_logout                       -       302 200 200 200 200 200 200 200 200  200 200 200
GET  account_inactive                     -       200 200 200 200 200 200 200 200 200  200 200 200
GET  account_change_password              -       302 200 200 200 200 200 200 200 200  200 200 200
GET  account_reset_password               -       200 200 200 200 200 200 200 200 200  200 200 200
GET  account_reset_password_done          -       200 200 200 200 200 200 200 200 200  200 200 200
GET  account_reset_password_from_key_done -       200 200 200 200 200 200 200 200 200  200 200 200
GET  account_reset_password_from_key      reset   200 200 200 200 200 200 200 200 200  200 200 200
GET  accounts:profile                     -       302 200 200 200 200 200 200 200 200  200 200 200
POST accounts:switch                      -       302 404 404 404 404 404 404 404 404  404 404 404
GET  accounts:own_data                    -       302 200 200 200 200 200 200 200 200  200 200 200
GET  accounts:no_role                     -       302 302 302 302 302 302 302 302 302  302 302 302
GET  accounts:rights                      -       302 200 200 200 200 200 200 200 200  200 200 200
GET  accounts:invitation                  invited 200 403 403 403 403 403 403 403 403  403 403 403
GET  accounts:invitation                  altered 404 404 404 404 404 404 404 404 404  404 404 404
GET  accounts:team                        -       302 403 200 200 403 403 403 403 200  403 200 403
GET  accounts:organisation_list           -       302 403 200 200 403 403 403 403 200  403 200 403
GET  accounts:invite                      office  302 403 200 404 403 403 403 403 200  403 404 403
GET  accounts:invite                      buyer   302 403 404 200 403 403 403 403 200  403 404 403
POST accounts:invite                      office  302 403 422 404 403 403 403 403 422  403 404 403
POST accounts:resend                      member  302 403 302 404 403 403 403 403 302  403 404 403
GET  accounts:remove                      member  302 403 200 404 403 403 403 403 200  403 404 403
POST accounts:remove                      member  302 403 302 404 403 403 403 403 302  403 404 403
GET  accounts:office                      -       302 403 200 403 403 403 403 403 403  403 403 403
POST accounts:office                      -       302 403 422 403 403 403 403 403 403  403 403 403
GET  accounts:card_edit                   -       302 403 200 403 403 403 403 403 403  403 403 403
POST accounts:card_edit                   -       302 403 422 403 403 403 403 403 403  403 403 403
POST accounts:card_publish                -       302 403 302 403 403 403 403 403 403  403 403 403
POST accounts:card_withdraw               -       302 403 302 403 403 403 403 403 403  403 403 403
GET  accounts:card_contact                named   302 403 200 403 403 403 403 403 403  403 403 403
POST accounts:card_contact                named   302 403 422 403 403 403 403 403 403  403 403 403
POST accounts:card_contact_remove         named   302 403 302 403 403 403 403 403 403  403 403 403
GET  accounts:own_contact                 -       302 404 404 404 404 404 404 404 404  404 404 404
POST accounts:own_contact                 -       302 404 404 404 404 404 404 404 404  404 404 404
GET  accounts:gallery                     -       302 403 403 403 403 403 403 403 200  403 403 403
GET  accounts:help                        -       200 200 200 200 200 200 200 200 200  200 200 200
GET  accounts:accessibility               -       200 200 200 200 200 200 200 200 200  200 200 200
"""

#                                                 anon fac man buy pre con str fun adm  o-f o-b o-c
JOBS = """
GET  jobs:job_detail                      job     302 200 200 404 403 403 403 403 403  404 404 403
POST jobs:job_relaunch                    job     302 302 302 404 403 403 403 403 403  404 404 403
GET  jobs:job_detail                      reading 302 200 200 404 403 403 403 403 403  404 404 403
POST jobs:job_relaunch                    reading 302 302 403 404 403 403 403 403 403  404 404 403
"""

#                                                 anon fac man buy pre con str fun adm  o-f o-b o-c
PROCUREMENT = """
GET  procurement:buyer_list               -       302 200 200 302 302 403 403 403 403  200 302 403
GET  procurement:buyer_detail             buyer   302 200 200 200 200 403 403 403 403  404 404 403
GET  procurement:buyer_add                -       302 200 200 403 403 403 403 403 403  200 403 403
POST procurement:buyer_add                -       302 422 422 403 403 403 403 403 403  422 403 403
GET  procurement:buyer_memory             buyer   302 200 403 200 403 403 403 403 403  404 404 403
POST procurement:buyer_forget             buyer   302 302 403 302 403 403 403 403 403  404 404 403
GET  procurement:department_add           buyer   302 200 200 200 403 403 403 403 403  404 404 403
POST procurement:department_add           buyer   302 422 422 422 403 403 403 403 403  404 404 403
GET  procurement:department_edit          department 302 200 200 200 403 403 403 403 403  404 404 403
GET  procurement:plan_remind              -       302 200 403 403 403 403 403 403 403  200 403 403
POST procurement:plan_remind              -       302 422 403 403 403 403 403 403 403  422 403 403
GET  procurement:delay_list               -       302 200 200 403 403 403 403 403 403  200 403 403
POST procurement:delay_list               -       302 422 422 403 403 403 403 403 403  422 403 403
POST procurement:delay_reset              -       302 302 302 403 403 403 403 403 403  302 403 403
GET  procurement:market_list              -       302 200 200 200 200 403 403 403 403  200 200 403
GET  procurement:comparables              market  302 200 200 200 200 403 403 403 403  404 404 403
GET  procurement:awarded_list             -       302 200 200 200 200 403 403 403 403  200 200 403
GET  procurement:awarded_export_xlsx      -       302 200 200 200 200 403 403 403 403  200 200 403
GET  procurement:awarded_export_csv       -       302 200 200 200 200 403 403 403 403  200 200 403
GET  procurement:awarded_detail           public  302 200 200 200 200 403 403 403 403  200 200 403
GET  procurement:practice_list            -       302 200 200 200 200 403 403 403 403  200 200 403
GET  procurement:practice_write           -       302 200 403 200 403 403 403 403 403  200 200 403
POST procurement:practice_write           -       302 422 403 422 403 403 403 403 403  422 422 403
GET  procurement:practice_detail          practice 302 200 200 200 200 403 403 403 403  404 404 403
GET  procurement:practice_edit            practice 302 200 403 404 403 403 403 403 403  404 404 403
POST procurement:practice_publish         practice 302 302 403 404 403 403 403 403 403  404 404 403
POST procurement:practice_withdraw        practice 302 302 403 404 403 403 403 403 403  404 404 403
GET  procurement:market_export_xlsx       -       302 200 200 200 200 403 403 403 403  200 200 403
GET  procurement:market_export_csv        -       302 200 200 200 200 403 403 403 403  200 200 403
POST procurement:department_edit          department 302 422 422 422 403 403 403 403 403  404 404 403
GET  procurement:plan_list                -       302 200 200 200 200 403 403 403 403  200 200 403
GET  procurement:plan_open                -       302 200 403 200 403 403 403 403 403  200 200 403
GET  procurement:plan_detail              plan    302 200 200 200 200 403 403 403 403  404 404 403
POST procurement:plan_submit              plan    302 302 403 302 403 403 403 403 403  404 404 403
POST procurement:plan_reopen              plan    302 302 403 302 403 403 403 403 403  404 404 403
GET  procurement:plan_copy                plan    302 200 403 200 403 403 403 403 403  404 404 403
POST procurement:plan_copy                plan    302 422 403 422 403 403 403 403 403  404 404 403
GET  procurement:plan_grid                draft_plan 302 200 403 200 403 403 403 403 403  404 404 403
POST procurement:plan_grid                draft_plan 302 302 403 302 403 403 403 403 403  404 404 403
POST procurement:undo                     -       302 302 403 302 403 403 403 403 403  302 302 403
GET  procurement:market_add               plan    302 200 403 200 403 403 403 403 403  404 404 403
GET  procurement:market_detail            market  302 200 200 200 200 403 403 403 403  404 404 403
GET  procurement:market_edit              market  302 200 403 200 403 403 403 403 403  404 404 403
GET  procurement:market_tag               market  302 200 403 200 403 403 403 403 403  404 404 403
GET  procurement:market_takeover          market  302 200 403 200 403 403 403 403 403  404 404 403
POST procurement:market_takeover          market  302 422 403 422 403 403 403 403 403  404 404 403
POST procurement:market_duplicate         market  302 302 403 302 403 403 403 403 403  404 404 403
GET  procurement:market_remove            market  302 200 403 200 403 403 403 403 403  404 404 403
GET  procurement:lot_add                  market  302 200 403 200 403 403 403 403 403  404 404 403
GET  procurement:lot_edit                 lot     302 200 403 200 403 403 403 403 403  404 404 403
POST procurement:lot_remove               lot     302 302 403 302 403 403 403 403 403  404 404 403
GET  procurement:plan_file_send           draft_plan 302 200 403 200 403 403 403 403 403  404 404 403
POST procurement:plan_file_send           draft_plan 302 422 403 422 403 403 403 403 403  404 404 403
GET  procurement:plan_file                plan_file  302 200 200 200 404 403 403 403 403  404 404 403
GET  procurement:plan_file_download       plan_file  302 200 200 200 404 403 403 403 403  404 404 403
POST procurement:plan_file_apply          plan_file  302 302 403 302 403 403 403 403 403  404 404 403
POST procurement:plan_file_correct        plan_file  302 302 403 302 403 403 403 403 403  404 404 403
POST procurement:plan_file_columns        plan_file  302 302 403 302 403 403 403 403 403  404 404 403
POST procurement:plan_file_sheets         plan_file  302 302 403 302 403 403 403 403 403  404 404 403
POST procurement:plan_file_undo           plan_file  302 302 403 302 403 403 403 403 403  404 404 403
POST procurement:plan_file_values         plan_file  302 302 403 302 403 403 403 403 403  404 404 403
POST procurement:plan_file_discard        plan_file  302 302 403 302 403 403 403 403 403  404 404 403
"""

#                                                 anon fac man buy pre con str fun adm  o-f o-b o-c
STRUCTURES = """
GET  structures:list                      -       302 200 200 200 403 403 200 403 200  200 200 403
GET  structures:export_xlsx               -       302 200 200 200 403 403 200 403 200  200 200 403
GET  structures:export_csv                -       302 200 200 200 403 403 200 403 200  200 200 403
GET  structures:detail                    card    302 200 200 200 403 403 200 403 200  200 200 403
GET  structures:siret_check               -       302 200 200 200 403 403 200 403 200  200 200 403
POST structures:siret_check               -       302 422 422 422 403 403 422 403 422  422 422 403
POST structures:verify                    card    302 302 403 403 403 403 403 403 403  302 403 403
GET  structures:need_list                 -       302 200 200 200 403 403 403 403 403  200 200 403
GET  structures:need_open                 -       302 200 403 403 403 403 403 403 403  200 403 403
POST structures:need_open                 -       302 422 403 403 403 403 403 403 403  422 403 403
GET  structures:need                      need    302 200 200 200 403 403 403 403 403  404 404 403
GET  structures:need_edit                 need    302 200 403 403 403 403 403 403 403  404 403 403
POST structures:need_edit                 need    302 422 403 403 403 403 403 403 403  404 403 403
POST structures:need_shortlist            need    302 422 403 403 403 403 403 403 403  404 403 403
POST structures:need_send                 need    302 422 403 403 403 403 403 403 403  404 403 403
POST structures:need_remind               need    302 422 403 403 403 403 403 403 403  404 403 403
POST structures:approach_drop             thought 302 302 403 403 403 403 403 403 403  404 403 403
GET  structures:consortium_form           need    302 200 403 403 403 403 403 403 403  404 403 403
POST structures:consortium_form           need    302 422 403 403 403 403 403 403 403  404 403 403
GET  structures:consortium                group   302 200 200 200 403 403 403 403 403  404 404 403
GET  structures:consortium_edit           group   302 200 403 403 403 403 403 403 403  404 403 403
POST structures:consortium_edit           group   302 422 403 403 403 403 403 403 403  404 403 403
POST structures:member_join               group   302 422 403 403 403 403 403 403 403  404 403 403
GET  structures:member_settle             place   302 200 403 403 403 403 403 403 403  404 403 403
POST structures:member_settle             place   302 422 403 403 403 403 403 403 403  404 403 403
POST structures:member_leave              place   302 302 403 403 403 403 403 403 403  404 403 403
GET  structures:need_close                need    302 200 403 403 403 403 403 403 403  404 403 403
POST structures:need_close                need    302 302 403 403 403 403 403 403 403  404 403 403
GET  structures:need_answer               asked_structure 200 200 200 200 200 200 200 200 200  200 200 200
GET  structures:need_answer               altered 404 404 404 404 404 404 404 404 404  404 404 404
GET  structures:approach_card             asked_structure 200 200 200 200 200 200 200 200 200  200 200 200
GET  structures:approach_card             altered 404 404 404 404 404 404 404 404 404  404 404 404
GET  structures:card_answer               card_link 200 200 200 200 200 200 200 200 200  200 200 200
GET  structures:card_answer               altered 404 404 404 404 404 404 404 404 404  404 404 404
GET  structures:correction_list           -       302 200 403 403 403 403 403 403 403  200 403 403
GET  structures:correction                to_review 302 200 403 403 403 403 403 403 403  404 403 403
POST structures:correction                to_review 302 422 403 403 403 403 403 403 403  404 403 403
GET  structures:correction_ask            card    302 200 403 403 403 403 403 403 403  200 403 403
POST structures:correction_ask            card    302 422 403 403 403 403 403 403 403  422 403 403
GET  structures:own_card                  -       302 403 403 403 403 403 200 403 403  403 403 403
GET  structures:own_card_edit             mine    302 403 403 403 403 403 200 403 403  403 403 403
POST structures:own_card_edit             mine    302 403 403 403 403 403 422 403 403  403 403 403
GET  structures:own_card_edit             card    302 403 403 403 403 403 404 403 403  403 403 403
GET  structures:own_capacity              my_offer 302 403 403 403 403 403 200 403 403  403 403 403
POST structures:own_capacity              my_offer 302 403 403 403 403 403 422 403 403  403 403 403
GET  structures:own_capacity              offer   302 403 403 403 403 403 404 403 403  403 403 403
GET  structures:own_need_list             -       302 403 403 403 403 403 200 403 403  403 403 403
GET  structures:own_need                  my_need 302 403 403 403 403 403 200 403 403  403 403 403
POST structures:own_need                  my_need 302 403 403 403 403 403 302 403 403  403 403 403
GET  structures:own_need                  thought 302 403 403 403 403 403 404 403 403  403 403 403
GET  structures:correct                   card    302 200 403 403 403 403 403 403 403  200 403 403
POST structures:correct                   card    302 422 403 403 403 403 403 403 403  422 403 403
GET  structures:offer_add                 card    302 200 403 403 403 403 403 403 403  200 403 403
POST structures:offer_add                 card    302 422 403 403 403 403 403 403 403  422 403 403
GET  structures:offer_edit                offer   302 200 403 403 403 403 403 403 403  200 403 403
POST structures:offer_edit                offer   302 422 403 403 403 403 403 403 403  422 403 403
GET  structures:capacity_declare          offer   302 200 403 403 403 403 403 403 403  200 403 403
POST structures:capacity_declare          offer   302 422 403 403 403 403 403 403 403  422 403 403
POST structures:offer_withdraw            offer   302 302 403 403 403 403 403 403 403  302 403 403
GET  structures:contact_add               card    302 200 403 403 403 403 403 403 403  200 403 403
POST structures:contact_add               card    302 422 403 403 403 403 403 403 403  422 403 403
GET  structures:contact_edit              contact 302 200 403 403 403 403 403 403 403  200 403 403
POST structures:contact_edit              contact 302 422 403 403 403 403 403 403 403  422 403 403
POST structures:contact_remove            contact 302 302 403 403 403 403 403 403 403  302 403 403
GET  structures:send                      -       302 200 403 403 403 403 403 403 200  200 403 403
POST structures:send                      -       302 422 403 403 403 403 403 403 422  422 403 403
GET  structures:file                      files   302 200 403 403 403 403 403 403 200  404 403 403
POST structures:file_apply                files   302 302 403 403 403 403 403 403 302  404 403 403
POST structures:file_discard              files   302 302 403 403 403 403 403 403 302  404 403 403
GET  structures:quote_list                need    302 200 200 200 403 403 403 403 403  404 404 403
GET  structures:quote_note                need    302 200 403 200 403 403 403 403 403  404 404 403
POST structures:quote_note                need    302 422 403 422 403 403 403 403 403  404 404 403
GET  structures:quote_change              quote   302 200 403 404 403 403 403 403 403  404 404 403
POST structures:quote_change              quote   302 422 403 404 403 403 403 403 403  404 404 403
POST structures:quote_withdraw            quote   302 302 403 404 403 403 403 403 403  404 404 403
POST structures:quote_bring_back          quote   302 302 403 404 403 403 403 403 403  404 404 403
GET  structures:quote_order               quote   302 200 403 404 403 403 403 403 403  404 404 403
POST structures:quote_order               quote   302 422 403 404 403 403 403 403 403  404 404 403
GET  structures:order_list                -       302 200 200 200 403 403 403 403 403  200 200 403
GET  structures:order_export_xlsx         -       302 200 200 200 403 403 403 403 403  200 200 403
GET  structures:order_export_csv          -       302 200 200 200 403 403 403 403 403  200 200 403
GET  structures:order_note                -       302 200 403 200 403 403 403 403 403  200 200 403
GET  structures:order                     order   302 200 200 200 403 403 403 403 403  404 404 403
GET  structures:order_change              order   302 200 403 200 403 403 403 403 403  404 404 403
POST structures:order_change              order   302 422 403 422 403 403 403 403 403  404 404 403
POST structures:order_cancel              order   302 302 403 302 403 403 403 403 403  404 404 403
POST structures:order_reinstate           order   302 302 403 302 403 403 403 403 403  404 404 403
GET  structures:office_card               shown   200 200 200 200 200 200 200 200 200  200 200 200
GET  structures:office_card               hidden  404 404 404 404 404 404 404 404 404  404 404 404
GET  structures:meeting_list              -       302 200 200 200 403 403 403 403 403  200 200 403
GET  structures:meeting_export_xlsx       -       302 200 200 200 403 403 403 403 403  200 200 403
GET  structures:meeting_export_csv        -       302 200 200 200 403 403 403 403 403  200 200 403
GET  structures:meeting                   meeting 302 200 200 200 403 403 403 403 403  404 404 403
GET  structures:meeting_calendar          meeting 302 200 200 200 403 403 403 403 403  404 404 403
GET  structures:meeting_plan              -       302 200 200 403 403 403 403 403 403  200 403 403
POST structures:meeting_plan              -       302 422 422 403 403 403 403 403 403  422 403 403
GET  structures:meeting_change            meeting 302 200 200 403 403 403 403 403 403  404 403 403
POST structures:meeting_change            meeting 302 422 422 403 403 403 403 403 403  404 403 403
GET  structures:meeting_outcome           meeting 302 200 200 403 403 403 403 403 403  404 403 403
POST structures:meeting_outcome           meeting 302 422 422 403 403 403 403 403 403  404 403 403
POST structures:meeting_outcome_back      meeting 302 302 302 403 403 403 403 403 403  404 403 403
POST structures:meeting_cancel            meeting 302 302 302 403 403 403 403 403 403  404 403 403
POST structures:meeting_reinstate         meeting 302 302 302 403 403 403 403 403 403  404 403 403
POST structures:guest_add                 meeting 302 422 422 403 403 403 403 403 403  404 403 403
POST structures:guest_add_other           meeting 302 422 422 403 403 403 403 403 403  404 403 403
POST structures:guest_invite              meeting 302 302 302 403 403 403 403 403 403  404 403 403
POST structures:guest_remove              guest   302 302 302 403 403 403 403 403 403  404 403 403
POST structures:meeting_market_link       meeting 302 422 422 403 403 403 403 403 403  404 403 403
POST structures:meeting_market_unlink     meeting 302 422 422 403 403 403 403 403 403  404 403 403
"""

#                                                 anon fac man buy pre con str fun adm  o-f o-b o-c
CLAUSES = """
GET  clauses:decision                     link    200 200 200 200 200 200 200 200 200  200 200 200
POST clauses:decision                     link    422 422 422 422 422 422 422 422 422  422 422 422
GET  clauses:decision                     altered 404 404 404 404 404 404 404 404 404  404 404 404
POST clauses:proposal_accept              draft   302 403 403 403 404 403 403 403 403  403 403 403
POST clauses:proposal_refuse              draft   302 403 403 403 404 403 403 403 403  403 403 403
POST clauses:proposal_rework              draft   302 403 403 403 404 403 403 403 403  403 403 403
POST clauses:proposal_accept              sent    302 403 403 403 302 403 403 403 403  403 403 403
POST clauses:proposal_refuse              sent    302 403 403 403 422 403 403 403 403  403 403 403
POST clauses:proposal_rework              sent    302 403 403 403 422 403 403 403 403  403 403 403
GET  clauses:renewal_list                 -       302 200 403 200 403 403 403 403 403  200 200 403
POST clauses:renewal_list                 -       302 422 403 422 403 403 403 403 403  422 422 403
GET  clauses:screening_list               -       302 200 200 200 403 403 403 403 403  200 200 403
GET  clauses:screening_export_xlsx        -       302 200 200 200 403 403 403 403 403  200 200 403
GET  clauses:screening_export_csv         -       302 200 200 200 403 403 403 403 403  200 200 403
GET  clauses:derogation                   line    302 200 403 200 403 403 403 403 403  404 404 403
POST clauses:derogation                   line    302 422 403 422 403 403 403 403 403  404 404 403
POST clauses:derogation_withdraw          derog   302 302 403 302 403 403 403 403 403  404 404 403
GET  clauses:derogation_sheet             derog   302 200 200 200 403 403 403 403 403  404 404 403
GET  clauses:screening_detail             line    302 200 200 404 403 403 403 403 403  404 404 403
GET  clauses:screening_decide             line    302 302 403 403 403 403 403 403 403  404 403 403
POST clauses:screening_decide             line    302 422 403 403 403 403 403 403 403  404 403 403
GET  clauses:screening_urgency            line    302 302 403 403 403 403 403 403 403  404 403 403
POST clauses:screening_urgency            line    302 422 403 403 403 403 403 403 403  404 403 403
POST clauses:urgency_lift                 hurried 302 302 403 403 403 403 403 403 403  404 403 403
POST clauses:urgency_restore              calmed  302 302 403 403 403 403 403 403 403  404 403 403
POST clauses:screening_undo               line    302 302 403 403 403 403 403 403 403  404 403 403
POST clauses:screening_decide_many        -       302 422 403 403 403 403 403 403 403  422 403 403
POST clauses:screening_undo_many          -       302 302 403 403 403 403 403 403 403  302 403 403
GET  clauses:answer_list                  -       302 200 403 403 403 403 403 403 403  200 403 403
GET  clauses:answer_detail                handed  302 200 403 403 403 403 403 403 403  404 403 403
POST clauses:answer_publish               handed  302 302 403 403 403 403 403 403 403  404 403 403
GET  clauses:agreement                    -       302 200 200 403 403 403 403 403 403  200 403 403
GET  clauses:agreement_export_xlsx        -       302 200 200 403 403 403 403 403 403  200 403 403
GET  clauses:agreement_export_csv         -       302 200 200 403 403 403 403 403 403  200 403 403
GET  clauses:suggestion_rule              -       302 200 200 403 403 403 403 403 403  200 403 403
GET  clauses:suggestion_rule_revise       -       302 200 403 403 403 403 403 403 403  200 403 403
POST clauses:suggestion_rule_revise       -       302 422 403 403 403 403 403 403 403  422 403 403
GET  clauses:capacity_balance             -       302 200 200 403 403 403 403 403 403  200 403 403
GET  clauses:capacity_export_xlsx         -       302 200 200 403 403 403 403 403 403  200 403 403
GET  clauses:capacity_export_csv          -       302 200 200 403 403 403 403 403 403  200 403 403
GET  clauses:shared_need_list             -       302 200 200 403 403 403 403 403 403  200 403 403
GET  clauses:shared_need_export_xlsx      -       302 200 200 403 403 403 403 403 403  200 403 403
GET  clauses:shared_need_export_csv       -       302 200 200 403 403 403 403 403 403  200 403 403
POST clauses:shared_need_note             -       302 404 403 403 403 403 403 403 403  404 403 403
GET  clauses:agenda                       -       302 200 200 200 403 403 403 403 403  200 200 403
GET  clauses:agenda_month                 -       302 200 200 200 403 403 403 403 403  200 200 403
GET  clauses:agenda_export_xlsx           -       302 200 200 200 403 403 403 403 403  200 200 403
GET  clauses:agenda_export_csv            -       302 200 200 200 403 403 403 403 403  200 200 403
GET  clauses:calendar_subscription        -       302 200 200 200 403 403 403 403 403  200 200 403
POST clauses:calendar_open                -       302 200 200 200 403 403 403 403 403  200 200 403
POST clauses:calendar_revoke              -       302 302 302 302 403 403 403 403 403  302 302 403
GET  clauses:calendar_feed                feed    200 200 200 200 200 200 200 200 200  200 200 200
GET  clauses:calendar_feed                altered 404 404 404 404 404 404 404 404 404  404 404 404
GET  clauses:proposal_list                -       302 200 200 200 200 403 403 403 403  200 200 403
GET  clauses:proposal_export_xlsx         -       302 200 200 200 200 403 403 403 403  200 200 403
GET  clauses:proposal_export_csv          -       302 200 200 200 200 403 403 403 403  200 200 403
GET  clauses:proposal_create              -       302 302 403 403 403 403 403 403 403  302 403 403
GET  clauses:proposal_detail              draft   302 200 200 404 404 403 403 403 403  404 404 403
GET  clauses:proposal_detail              sent    302 200 200 200 200 403 403 403 403  404 404 403
GET  clauses:proposal_change              draft   302 200 403 403 403 403 403 403 403  404 403 403
POST clauses:proposal_change              draft   302 422 403 403 403 403 403 403 403  404 403 403
POST clauses:proposal_send                draft   302 302 403 403 403 403 403 403 403  404 403 403
POST clauses:proposal_resend              sent    302 302 403 403 403 403 403 403 403  404 403 403
POST clauses:proposal_revise              sent    302 302 403 403 403 403 403 403 403  404 403 403
POST clauses:proposal_withdraw            sent    302 302 403 403 403 403 403 403 403  404 403 403
POST clauses:link_revoke                  asked   302 302 403 403 403 403 403 403 403  404 403 403
GET  clauses:proposal_text                draft   302 200 200 404 404 403 403 403 403  404 404 403
GET  clauses:proposal_text                sent    302 200 200 200 200 403 403 403 403  404 404 403
GET  clauses:proposal_text_docx           draft   302 200 200 404 404 403 403 403 403  404 404 403
GET  clauses:proposal_text_docx           sent    302 200 200 200 200 403 403 403 403  404 404 403
POST clauses:proposal_text_renew          settled 302 302 403 403 403 403 403 403 403  404 403 403
GET  clauses:text_list                    -       302 200 200 403 403 403 403 403 403  200 403 403
GET  clauses:text_revise                  text    302 200 403 403 403 403 403 403 403  404 403 403
POST clauses:text_revise                  text    302 422 403 403 403 403 403 403 403  404 403 403
GET  clauses:option_list                  market  302 200 200 200 403 403 403 403 403  404 404 403
GET  clauses:reference_list               -       302 200 200 200 403 403 403 403 200  200 200 403
GET  clauses:clause_list                  -       302 200 200 200 403 200 403 403 403  200 200 200
GET  clauses:clause_export                xlsx    302 200 200 200 403 200 403 403 403  200 200 200
GET  clauses:clause_export                csv     302 200 200 200 403 200 403 403 403  200 200 200
GET  clauses:clause_detail                clause  302 200 200 200 403 200 403 403 403  404 404 404
GET  clauses:clause_detail                future  302 200 200 200 403 404 403 403 403  404 404 404
GET  clauses:clause_commit                future  302 200 403 403 403 403 403 403 403  404 403 403
POST clauses:clause_commit                future  302 422 403 403 403 403 403 403 403  404 403 403
GET  clauses:clause_close                 clause  302 200 403 403 403 403 403 403 403  404 403 403
POST clauses:clause_close                 clause  302 302 403 403 403 403 403 403 403  404 403 403
GET  clauses:participant_list             -       302 200 200 403 403 200 403 403 403  200 403 200
GET  clauses:participant_export           xlsx    302 200 200 403 403 200 403 403 403  200 403 200
GET  clauses:participant_add              -       302 200 403 403 403 403 403 403 403  200 403 403
POST clauses:participant_add              -       302 422 403 403 403 403 403 403 403  422 403 403
GET  clauses:participant_detail           worker  302 200 200 403 403 200 403 403 403  404 403 404
GET  clauses:participant_change           worker  302 200 403 403 403 403 403 403 403  404 403 403
POST clauses:participant_change           worker  302 422 403 403 403 403 403 403 403  404 403 403
GET  clauses:eligibility_decide           worker  302 200 403 403 403 403 403 403 403  404 403 403
POST clauses:eligibility_decide           worker  302 422 403 403 403 403 403 403 403  404 403 403
GET  clauses:placement_open               worker  302 200 403 403 403 403 403 403 403  404 403 403
POST clauses:placement_open               worker  302 422 403 403 403 403 403 403 403  404 403 403
GET  clauses:placement_end                placement     302 200 403 403 403 403 403 403 403  404 403 403
POST clauses:placement_end                placement     302 422 403 403 403 403 403 403 403  404 403 403
GET  clauses:declaration_list             -       302 200 200 403 403 200 403 403 403  200 403 200
GET  clauses:declaration_export           csv     302 200 200 403 403 200 403 403 403  200 403 200
GET  clauses:declaration_fill             month   302 403 403 403 403 200 403 403 403  403 403 404
POST clauses:declaration_fill             month   302 403 403 403 403 302 403 403 403  403 403 404
GET  clauses:declaration_detail           told    302 200 200 403 403 200 403 403 403  404 403 404
POST clauses:declaration_validate         told    302 302 403 403 403 403 403 403 403  404 403 403
POST clauses:declaration_reject           told    302 422 403 403 403 403 403 403 403  404 403 403
POST clauses:declaration_reopen           refused 302 403 403 403 403 302 403 403 403  403 403 404
"""

#                                                 anon fac man buy pre con str fun adm  o-f o-b o-c
REPORTING = """
GET  reporting:home                       -       302 200 200 200 200 200 200 200 200  200 200 200
GET  reporting:search                     -       302 200 200 200 200 200 200 403 200  200 200 200
GET  reporting:dashboard                  -       302 200 200 403 403 403 403 200 403  200 403 403
GET  reporting:direct_order_figures       -       302 200 200 200 403 403 403 403 403  200 200 403
GET  reporting:meeting_figures            -       302 200 200 403 403 403 403 403 403  200 403 403
GET  reporting:delays                     -       302 200 200 403 403 403 403 403 403  200 403 403
GET  reporting:delays_export_xlsx         -       302 200 200 403 403 403 403 403 403  200 403 403
GET  reporting:delays_export_csv          -       302 200 200 403 403 403 403 403 403  200 403 403
GET  reporting:edition_list               -       302 200 200 200 403 403 403 200 403  200 200 403
GET  reporting:report_preview             -       302 422 422 403 403 403 403 403 403  422 403 403
GET  reporting:report_ask                 -       302 302 302 403 403 403 403 403 403  302 403 403
POST reporting:report_ask                 -       302 422 422 403 403 403 403 403 403  422 403 403
GET  reporting:edition_detail             edition 302 200 200 200 403 403 403 200 403  404 404 403
GET  reporting:edition_pdf                edition 302 200 200 200 403 403 403 200 403  404 404 403
GET  reporting:edition_json               edition 302 200 200 200 403 403 403 200 403  404 404 403
GET  reporting:edition_xlsx               edition 302 200 200 200 403 403 403 200 403  404 404 403
GET  reporting:edition_csv                edition 302 200 200 200 403 403 403 200 403  404 404 403
"""

BLOCKS = {
    "chassis": CHASSIS, "accounts": ACCOUNTS, "jobs": JOBS, "procurement": PROCUREMENT,
    "structures": STRUCTURES, "clauses": CLAUSES, "reporting": REPORTING,
}  # fmt: skip
TABLE = {name: [line.split() for line in block.strip().splitlines()] for name, block in BLOCKS.items()}


def _urgency(plan, stage, **trait):
    return UrgencyFactory(market=MarketFactory(plan=plan), office=stage.office, **trait)


@pytest.fixture
def the_objects(stage):
    """URL arguments of one object of each kind, all of them of the office and the buyer of the cast."""
    invited = MembershipFactory(
        organisation=stage.office.organisation, role=Role.FACILITATOR, accepted_at=None
    )
    draft = ProposalFactory(office=stage.office, department=stage.department)
    line = MarketFactory(plan=PurchasePlanFactory(buyer=stage.buyer, year=2028, submitted=True))
    ScreeningFactory(market=line, office=stage.office)
    hurried = PurchasePlanFactory(buyer=stage.buyer, year=2036, submitted=True)
    sent = ProposalFactory(lot=line.lots.get(), office=stage.office, department=stage.department, sent=True)
    # Made today, as its signature is.
    link = DecisionLinkFactory(created_at=timezone.now(), expires_at=timezone.now() + timedelta(days=1))
    plan_file = PlanFileFactory(plan__buyer=stage.buyer, plan__year=2031)
    job = scenes.running_placement(stage)
    future = scenes.awaiting_clause(stage, LotFactory(market=job.clause.lot.market, number=2))
    contract = job.clause.contract
    nothing = DeclarationFactory(contract=contract, period=date(2026, 2, 1), sent=True, has_no_hours=True)
    refused = DeclarationFactory(contract=contract, period=date(2026, 3, 1), rejected=True)
    return {
        "draft_plan": {"pk": plan_file.plan_id},
        "plan_file": {"pk": plan_file.pk},
        "-": {},
        "future": {"pk": future.pk},
        "settled": {"pk": future.proposal_id},
        "clause": {"pk": job.clause.pk},
        "worker": {"pk": job.participant.pk},
        "placement": {"pk": job.pk},
        "month": {"pk": contract.pk, "year": 2026, "month": 4},
        "told": {"pk": nothing.pk},
        "refused": {"pk": refused.pk},
        "reset": {"uidb36": "1", "key": "lien-altere"},
        "office": {"pk": stage.office.pk},
        "buyer": {"pk": stage.buyer.pk},
        "department": {"pk": stage.department.pk},
        "member": {"pk": invited.pk},
        "invited": {"token": invitation_path(invited).split("/")[2]},
        "altered": {"token": "lien-altere"},
        "draft": {"pk": draft.pk},
        "line": {"pk": line.pk},
        "hurried": {"pk": _urgency(hurried, stage).pk},
        "calmed": {"pk": _urgency(hurried, stage, lifted=True).pk},
        "handed": {"pk": line.plan_id},
        "derog": {"pk": DerogationFactory(market=line).pk},
        "text": {"pk": ClauseTextFactory(office=stage.office).pk},
        "sent": {"pk": sent.pk},
        "feed": {"token": _feed(stage)},
        "asked": {"pk": DecisionLinkFactory(proposal=sent).pk},
        "link": {"token": link.token},
        **_purchases(stage),
        "practice": {"pk": PracticeCardFactory(office=stage.office).pk},
        "public": {"pk": AwardedContractFactory().pk},
        "card": {"pk": StructureFactory().pk},
        "offer": {"pk": OfferFactory().pk},
        **_sourcing(stage),
        "contact": {"pk": ContactFactory().pk},
        "xlsx": {"extension": "xlsx"},
        "csv": {"extension": "csv"},
        "files": {"pk": DirectoryFileFactory(organisation=stage.office.organisation).pk},
        "job": {"pk": JobFactory(organisation=stage.office.organisation).pk},
        "reading": {"pk": JobFactory(organisation=stage.buyer.organisation, kind=JobKind.PLAN_FILE_READ).pk},
        **_meeting(stage),
        **_cards(stage),
        "order": {"pk": DirectOrderFactory(buyer=stage.buyer).pk},
        "quote": {"pk": QuoteFactory(need__office=stage.office).pk},
        "edition": {"pk": ReportEditionFactory(office=stage.office, buyer=stage.buyer).pk},
    }


def _feed(stage):
    colleague = person(Role.FACILITATOR, stage.office.organisation)
    opened = calendar_feeds.open_feed(membership=colleague.membership, by=colleague, at=MORNING)
    return opened.token


def _sourcing(stage) -> dict:
    need = NeedFactory(office=stage.office, market=MarketFactory(plan__buyer=stage.buyer, plan__year=2033))
    sent = ApproachFactory(need=need, state=ApproachState.SENT)
    mine = OfferFactory(structure__organisation=stage.structure)
    received = ApproachFactory(need=need, structure=mine.structure, state=ApproachState.SENT)
    place = ConsortiumMemberFactory(consortium__need=need)
    return {
        "group": {"pk": place.consortium_id},
        "place": {"pk": place.pk},
        "mine": {"pk": mine.structure_id},
        "my_offer": {"pk": mine.pk},
        "my_need": {"pk": received.pk},
        "need": {"pk": need.pk},
        "thought": {"pk": ApproachFactory(need=need).pk},
        "asked_structure": {"token": sent.token},
        "to_review": {"pk": CorrectionFactory(office=stage.office, proposed=True).pk},
        "card_link": {"token": CorrectionFactory(office=stage.office).token},
    }


def _meeting(stage):
    """One to which the buyer of the cast was asked."""
    guest = GuestFactory(
        meeting__office=stage.office, organisation=stage.buyer.organisation, invited_at=MORNING
    )
    return {"meeting": {"pk": guest.meeting_id}, "guest": {"pk": guest.pk}}


def _cards(stage):
    """One published, with a colleague on it; one that its manager has not published yet."""
    contact = CardContactFactory(card__office=stage.office, card__published=True)
    hidden = OfficeCardFactory(office=stage.other_office)
    return {
        "shown": {"slug": contact.card.slug},
        "hidden": {"slug": hidden.slug},
        "named": {"pk": contact.membership_id},
    }


def _purchases(stage):
    """A plan handed in, with one market of the prescriber's own department."""
    plan = PurchasePlanFactory(
        buyer=stage.buyer,
        year=2029,
        state=PlanState.SUBMITTED,
        submitted_at=MORNING,
        submitted_by=UserFactory(),
    )
    market = MarketFactory(plan=plan, department=stage.department)
    return {"plan": {"pk": plan.pk}, "market": {"pk": market.pk}, "lot": {"pk": market.lots.get().pk}}


@pytest.mark.parametrize("block", BLOCKS)
def test_access(block, the_objects, client, request):
    """Everybody asks every line of the block; what is wrong is told line by line."""
    visitors = {role: type(client)() for role in ROLES}
    for role in ROLES[1:]:
        visitors[role].sign_in(request.getfixturevalue(role))
    wrong = {}
    for method, name, what, *expected in TABLE[block]:
        url = reverse(name, kwargs=the_objects[what])
        for role, status in zip(ROLES, expected, strict=True):
            got = _asked_and_undone(visitors[role], method, url)
            if str(got.status_code) != status:
                wrong[f"{method} {name} {what}, {role}"] = f"{got.status_code} instead of {status}"

    assert not wrong


def _asked_and_undone(visitor, method, url):
    """What one removes, the next must find again; who leaves comes back."""
    cookies = deepcopy(visitor.cookies)
    with transaction.atomic():
        answer = getattr(visitor, method.lower())(url)
        transaction.set_rollback(True)
    visitor.cookies = cookies
    return answer


def test_every_url_is_in_the_table():
    listed = {line[1] for block in TABLE.values() for line in block}

    assert {name for name, _ in url_patterns() if not name.startswith("admin")} - listed == set()


def test_the_administration_is_for_administrators_only(administrator, facilitator, manager, as_user, client):
    pages = sorted(
        reverse(name)
        for name, pattern in url_patterns()
        if name.startswith("admin:") and _is_plain(name, pattern)
    )

    for page in pages:
        assert client.get(page).status_code in (302, 200), page
        for colleague in (facilitator, manager):
            assert as_user(colleague).get(page).status_code in (302, 405), page
    assert as_user(administrator).get(reverse("admin:index")).status_code == 200


def _is_plain(name, pattern):
    return not pattern.pattern.converters and not pattern.pattern.regex.groups and name != "admin:login"
