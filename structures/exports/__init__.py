from structures.exports.directory import csv, workbook
from structures.exports.siret_lists import siret_csv, siret_workbook


__all__ = ["csv", "siret_csv", "siret_workbook", "workbook"]
