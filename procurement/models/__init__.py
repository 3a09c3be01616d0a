from procurement.models.answer import PlanAnswer
from procurement.models.awarded import AwardedContract, OpenDataFile
from procurement.models.buyer import Buyer, Department
from procurement.models.contract import Contract
from procurement.models.delay import Delay
from procurement.models.import_choices import ColumnChoice, ValueChoice
from procurement.models.market import Lot, Market
from procurement.models.plan import PlanFile, PurchasePlan
from procurement.models.practice import PracticeCard
from procurement.models.reference import Family, Programme
from procurement.models.reminder import PlanReminder
from procurement.models.threshold import DutyException, LegalThreshold, SpecificService
from procurement.models.undo import FileUndo


__all__ = [
    "AwardedContract",
    "Buyer",
    "ColumnChoice",
    "Contract",
    "Delay",
    "Department",
    "DutyException",
    "Family",
    "FileUndo",
    "LegalThreshold",
    "Lot",
    "Market",
    "OpenDataFile",
    "PlanAnswer",
    "PlanFile",
    "PlanReminder",
    "PracticeCard",
    "Programme",
    "PurchasePlan",
    "SpecificService",
    "ValueChoice",
]
